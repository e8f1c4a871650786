//HintName: OptBias.Optimizers.Adafactor.cu
// Adafactor. In step t (from 1), g the gradient of the loss by θ:
//     s_θ = max(ε₂, RMS(θₜ₋₁))
//     Rₜ = β₂(t, beta2Decay) Rₜ₋₁ + (1 − β₂(t, beta2Decay)) meanⱼ(g² + ε)
//     Cₜ = β₂(t, beta2Decay) Cₜ₋₁ + (1 − β₂(t, beta2Decay)) meanᵢ(g² + ε)
//     R̂ = Rₜ / mean(Rₜ)
//     v = R̂ Cₜᵀ
//     u₁ = g / √v
//     x = max(RMS(u₁) / d, 1)
//     u = relativeStep(t, η) (s_θ (u₁ / x)) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 2: reads θ, g, R̂, Cₜᵀ, and gathers 2 sums; 2 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdafactorPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 7LL);
        const Parameter* __restrict__ thetaPointer = tensor<const Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        const Real* __restrict__ rPointer = tensor<const Real>(row, 2);
        const Real* __restrict__ cPointer = tensor<const Real>(row, 3);
        const Layout layout = { row[5], row[6] }; // rows and columns of the last two dimensions
        Real sum0 = 0;
        Real sum1 = 0;

        for_elements(chunk, is_aligned(thetaPointer, gPointer), [&](auto width, long long i)
        {
            const auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            const auto rValues = load_rows(width, rPointer, i, layout);
            const auto cValues = load_columns(width, cPointer, i, layout);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real r = rValues[k];
                const Real c_ = cValues[k];

                // v = R̂ Cₜᵀ
                const Real v = r * c_;

                // u₁ = g / √v
                const Real u1 = g / sqrt(v);

                sum0 += theta * theta;
                sum1 += u1 * u1;
            }
        });
        block_sum(sum0, table.sums + (c * 2) + 0);
        block_sum(sum1, table.sums + (c * 2) + 1);
    }
}

// Pass 2 of 2: reads θ, g, R̂, Cₜᵀ and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdafactorPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 7LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        const Real* __restrict__ rPointer = tensor<const Real>(row, 2);
        const Real* __restrict__ cPointer = tensor<const Real>(row, 3);
        const Layout layout = { row[5], row[6] }; // rows and columns of the last two dimensions
        const double* s = table.scalars + (row[0] * 5);
        const Real inverseExcess = Real(s[0]); // 1 / x
        const Real parameterScale = Real(s[1]); // s_θ = max(ε₂, RMS(θₜ₋₁))
        const Real relativeStep = Real(s[2]); // relativeStep(t, η)
        const Real lambda = Real(s[3]); // λ
        const Real eta = Real(s[4]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            const auto rValues = load_rows(width, rPointer, i, layout);
            const auto cValues = load_columns(width, cPointer, i, layout);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real r = rValues[k];
                const Real c_ = cValues[k];

                // v = R̂ Cₜᵀ
                const Real v = r * c_;

                // u₁ = g / √v
                const Real u1 = g / sqrt(v);

                // u = relativeStep(t, η) (s_θ (u₁ / x)) + λ θₜ₋₁
                const Real u = (relativeStep * (parameterScale * (u1 * inverseExcess))) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}