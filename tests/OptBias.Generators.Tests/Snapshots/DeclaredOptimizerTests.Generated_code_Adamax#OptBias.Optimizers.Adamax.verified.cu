//HintName: OptBias.Optimizers.Adamax.cu
// Adamax. In step t (from 1), g the gradient of the loss by θ:
//     g̃ = g + λ θₜ₋₁
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g̃
//     vₜ = max(β₂ vₜ₋₁, |g̃| + ε)
//     m̂ = mₜ / (1 − β₁ᵗ)
//     u = m̂ / vₜ
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T larger(T a, T b) { return a > b || a != a ? a : b; }

// Pass 1 of 1: reads θ, g, m, v and writes m, v, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdamaxPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        State* __restrict__ vPointer = tensor<State>(row, 3);
        const double* s = table.scalars + (row[0] * 7);
        const Real beta1 = Real(s[0]); // β₁
        const Real lambda = Real(s[1]); // λ
        const Real oneMinusBeta1 = Real(s[2]); // 1 − β₁
        const Real beta2 = Real(s[3]); // β₂
        const Real epsilon = Real(s[4]); // ε
        const Real inverseBiasCorrection1 = Real(s[5]); // 1 / (1 − β₁ᵗ)
        const Real eta = Real(s[6]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, mPointer, vPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            auto vValues = load(width, vPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real m = mValues[k];
                const Real v = vValues[k];

                // g̃ = g + λ θₜ₋₁
                const Real gDecayed = g + (lambda * theta);

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g̃
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * gDecayed);

                // vₜ = max(β₂ vₜ₋₁, |g̃| + ε)
                const Real vNext = larger(beta2 * v, fabs(gDecayed) + epsilon);

                // m̂ = mₜ / (1 − β₁ᵗ)
                const Real mHat = mNext * inverseBiasCorrection1;

                // u = m̂ / vₜ
                const Real u = mHat / vNext;

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                mValues[k] = mNext;
                vValues[k] = vNext;
                thetaValues[k] = thetaNext;
            }

            store(width, mPointer, i, mValues);
            store(width, vPointer, i, vValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}