//HintName: OptBias.Optimizers.MoonlightMuon.cu
// MoonlightMuon. In step t (from 1), g the gradient of the loss by θ:
//     bₜ = μ bₜ₋₁ + g
//     u = 0.2 √max(rows, columns) NewtonSchulz₍₅₎(g + μ bₜ) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 2: reads g, b and writes b, w; 4 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) MoonlightMuonPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        State* __restrict__ bPointer = tensor<State>(row, 1);
        Real* __restrict__ wPointer = tensor<Real>(row, 2);
        const double* s = table.scalars + (row[0] * 1);
        const Real momentum = Real(s[0]); // μ

        for_elements(chunk, is_aligned(gPointer, bPointer, wPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            auto bValues = load(width, bPointer, i);
            Pack<Real, decltype(width)::count> wValues;
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];
                const Real b = bValues[k];

                // bₜ = μ bₜ₋₁ + g
                const Real bNext = (momentum * b) + g;

                // w = g + μ bₜ
                const Real w = g + (momentum * bNext);

                bValues[k] = bNext;
                wValues[k] = w;
            }

            store(width, bPointer, i, bValues);
            store(width, wPointer, i, wValues);
        });
    }
}

// Pass 2 of 2: reads θ, p and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) MoonlightMuonPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Real* __restrict__ pPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 3);
        const Real scalar1 = Real(s[0]); // 0.2 √max(rows, columns)
        const Real lambda = Real(s[1]); // λ
        const Real eta = Real(s[2]); // η

        for_elements(chunk, is_aligned(thetaPointer, pPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto pValues = load(width, pPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real p = pValues[k];

                // u = 0.2 √max(rows, columns) p + λ θₜ₋₁
                const Real u = (scalar1 * p) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}