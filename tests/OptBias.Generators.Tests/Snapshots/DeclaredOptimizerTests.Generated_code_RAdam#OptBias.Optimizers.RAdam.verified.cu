//HintName: OptBias.Optimizers.RAdam.cu
// RAdam. In step t (from 1), g the gradient of the loss by θ:
//     g̃ = g + λ θₜ₋₁
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g̃
//     secondMomentₜ = β₂ secondMomentₜ₋₁ + (1 − β₂) g̃²
//     m̂ = mₜ / (1 − β₁ᵗ)
//     u = rectification(t, β₂) m̂ / (√secondMomentₜ + ε) if 0 < rectification(t, β₂) else m̂
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, m, secondMoment and writes m, secondMoment, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) RAdamPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        State* __restrict__ secondMomentPointer = tensor<State>(row, 3);
        const double* s = table.scalars + (row[0] * 10);
        const Real beta1 = Real(s[0]); // β₁
        const Real lambda = Real(s[1]); // λ
        const Real oneMinusBeta1 = Real(s[2]); // 1 − β₁
        const Real beta2 = Real(s[3]); // β₂
        const Real oneMinusBeta2 = Real(s[4]); // 1 − β₂
        const Real inverseBiasCorrection1 = Real(s[5]); // 1 / (1 − β₁ᵗ)
        const Real rectification = Real(s[6]); // rectification(t, β₂)
        const Real eps = Real(s[7]); // ε
        const bool condition9 = s[8] > 0.0; // 0 < rectification(t, β₂)
        const Real eta = Real(s[9]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, mPointer, secondMomentPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            auto secondMomentValues = load(width, secondMomentPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real m = mValues[k];
                const Real secondMoment = secondMomentValues[k];

                // g̃ = g + λ θₜ₋₁
                const Real gDecayed = g + (lambda * theta);

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g̃
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * gDecayed);

                // secondMomentₜ = β₂ secondMomentₜ₋₁ + (1 − β₂) g̃²
                const Real secondMomentNext = (beta2 * secondMoment) + ((oneMinusBeta2 * gDecayed) * gDecayed);

                // m̂ = mₜ / (1 − β₁ᵗ)
                const Real mHat = mNext * inverseBiasCorrection1;

                // u = rectification(t, β₂) m̂ / (√secondMomentₜ + ε) if 0 < rectification(t, β₂) else m̂
                const Real u = condition9 ? ((rectification * mHat) / (sqrt(secondMomentNext) + eps)) : mHat;

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                mValues[k] = mNext;
                secondMomentValues[k] = secondMomentNext;
                thetaValues[k] = thetaNext;
            }

            store(width, mPointer, i, mValues);
            store(width, secondMomentPointer, i, secondMomentValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}