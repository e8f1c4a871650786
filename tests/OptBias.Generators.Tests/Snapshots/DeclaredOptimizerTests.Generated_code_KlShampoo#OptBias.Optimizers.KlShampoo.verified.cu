//HintName: OptBias.Optimizers.KlShampoo.cu
// KlShampoo. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     G₍ₖ₎: g unfolded along its dimension k = 1, ..., o
//     dₖ: length of dimension k; d: number of elements
//     Lₖ ← β Lₖ + (1 − β) G₍ₖ₎ (⊗ⱼ Lⱼ⁻¹) G₍ₖ₎ᵀ dₖ/d
//     Rₖ = (Lₖ/(1 − βᵗ) + ε I)^(−1/2), refreshed every f steps
//     u = mₜ ×ₖ Rₖ / (1 − β₁ᵗ) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 2: reads g, m and writes m; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) KlShampooPass1(const Table table)
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

// Pass 2 of 2: reads θ, p and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) KlShampooPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Real* __restrict__ pPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 3);
        const Real inverseBiasCorrection1 = Real(s[0]); // 1 / (1 − β₁ᵗ)
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

                // u = p / (1 − β₁ᵗ) + λ θₜ₋₁
                const Real u = (p * inverseBiasCorrection1) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}