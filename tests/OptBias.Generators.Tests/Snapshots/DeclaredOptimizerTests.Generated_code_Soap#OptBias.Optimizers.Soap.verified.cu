//HintName: OptBias.Optimizers.Soap.cu
// Soap. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     G₍ₖ₎: g unfolded along its dimension k = 1, ..., o
//     Aₖ ← β Aₖ + (1 − β) G₍ₖ₎ G₍ₖ₎ᵀ, after the step
//     Qₖ: eigenvectors of Aₖ, refreshed every f steps; the first gradient only makes them
//     g′ = g ×ₖ Qₖᵀ
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) g′²
//     u = (mₜ ×ₖ Qₖᵀ / (1 − β₁ᵗ) / ((√vₜ + ε) / √(1 − β₂ᵗ))) ×ₖ Qₖ
//     θₜ = (θₜ₋₁ − η u) (1 − η λ)
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 3: reads g, m and writes m; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) SoapPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        State* __restrict__ mPointer = tensor<State>(row, 1);
        const double* s = table.scalars + (row[0] * 2);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneMinusBeta1 = Real(s[1]); // 1 − β₁

        for_elements(chunk, is_aligned(gPointer, mPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];
                const Real m = mValues[k];

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * g);

                mValues[k] = mNext;
            }

            store(width, mPointer, i, mValues);
        });
    }
}

// Pass 2 of 3: reads v, g′, p2 and writes v, w; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) SoapPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        State* __restrict__ vPointer = tensor<State>(row, 0);
        const Real* __restrict__ gRotatedPointer = tensor<const Real>(row, 1);
        const Real* __restrict__ p2Pointer = tensor<const Real>(row, 2);
        Real* __restrict__ wPointer = tensor<Real>(row, 3);
        const double* s = table.scalars + (row[0] * 5);
        const Real beta2 = Real(s[0]); // β₂
        const Real oneMinusBeta2 = Real(s[1]); // 1 − β₂
        const Real inverseBiasCorrection1 = Real(s[2]); // 1 / (1 − β₁ᵗ)
        const Real epsilon = Real(s[3]); // ε
        const Real scalar5 = Real(s[4]); // 1 / √(1 − β₂ᵗ)

        for_elements(chunk, is_aligned(vPointer, gRotatedPointer, p2Pointer, wPointer), [&](auto width, long long i)
        {
            auto vValues = load(width, vPointer, i);
            const auto gRotatedValues = load(width, gRotatedPointer, i);
            const auto p2Values = load(width, p2Pointer, i);
            Pack<Real, decltype(width)::count> wValues;
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real v = vValues[k];
                const Real gRotated = gRotatedValues[k];
                const Real p2 = p2Values[k];

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) g′²
                const Real vNext = (beta2 * v) + (oneMinusBeta2 * (gRotated * gRotated));

                // w = p2 / (1 − β₁ᵗ) / ((√vₜ + ε) / √(1 − β₂ᵗ))
                const Real w = (p2 * inverseBiasCorrection1) / ((sqrt(vNext) + epsilon) * scalar5);

                vValues[k] = vNext;
                wValues[k] = w;
            }

            store(width, vPointer, i, vValues);
            store(width, wPointer, i, wValues);
        });
    }
}

// Pass 3 of 3: reads θ, u and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) SoapPass3(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Real* __restrict__ uPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 2);
        const Real eta = Real(s[0]); // η
        const Real oneMinusEtaTimesLambda = Real(s[1]); // 1 − η λ

        for_elements(chunk, is_aligned(thetaPointer, uPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto uValues = load(width, uPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real u = uValues[k];

                // θₜ = (θₜ₋₁ − η u) (1 − η λ)
                const Real thetaNext = (theta - (eta * u)) * oneMinusEtaTimesLambda;

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}