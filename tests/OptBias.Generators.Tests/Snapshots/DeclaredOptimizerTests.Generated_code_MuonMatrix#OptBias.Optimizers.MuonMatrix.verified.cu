//HintName: OptBias.Optimizers.MuonMatrix.cu
// MuonMatrix. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     u = √max(rows / columns, 1) NewtonSchulz₍₅₎(β₁ mₜ + (1 − β₁) g)
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 2: reads g, m and writes m, w; 4 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) MuonMatrixPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        State* __restrict__ mPointer = tensor<State>(row, 1);
        Real* __restrict__ wPointer = tensor<Real>(row, 2);
        const double* s = table.scalars + (row[0] * 2);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneMinusBeta1 = Real(s[1]); // 1 − β₁

        for_elements(chunk, is_aligned(gPointer, mPointer, wPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            Pack<Real, decltype(width)::count> wValues;
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];
                const Real m = mValues[k];

                // value = (1 − β₁) g
                const Real value = oneMinusBeta1 * g;

                // mₜ = β₁ mₜ₋₁ + value
                const Real mNext = (beta1 * m) + value;

                // w = β₁ mₜ + value
                const Real w = (beta1 * mNext) + value;

                mValues[k] = mNext;
                wValues[k] = w;
            }

            store(width, mPointer, i, mValues);
            store(width, wPointer, i, wValues);
        });
    }
}

// Pass 2 of 2: reads θ, p and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) MuonMatrixPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Real* __restrict__ pPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 2);
        const Real shapeScale = Real(s[0]); // √max(rows / columns, 1)
        const Real eta = Real(s[1]); // η

        for_elements(chunk, is_aligned(thetaPointer, pPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto pValues = load(width, pPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real p = pValues[k];

                // u = √max(rows / columns, 1) p
                const Real u = shapeScale * p;

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}