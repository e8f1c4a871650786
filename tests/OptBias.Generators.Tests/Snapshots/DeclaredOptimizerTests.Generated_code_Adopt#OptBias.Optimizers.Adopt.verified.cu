//HintName: OptBias.Optimizers.Adopt.cu
// Adopt. In step t (from 1), g the gradient of the loss by θ:
//     g̃ = g + λ θₜ₋₁
//     secondMomentₜ = g̃² if clip(t) = 0 else β₂ secondMomentₜ₋₁ + (1 − β₂) g̃²
//     normalized = clamp(g̃ / max(√secondMomentₜ₋₁, ε), −clip(t), clip(t))
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) (0 if clip(t) = 0 else normalized)
//     θₜ = θₜ₋₁ − η mₜ
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T smaller(T a, T b) { return a < b || a != a ? a : b; }
template <typename T> static __device__ inline T larger(T a, T b) { return a > b || a != a ? a : b; }

// Pass 1 of 1: reads θ, g, secondMoment, m and writes secondMoment, m, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdoptPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ secondMomentPointer = tensor<State>(row, 2);
        State* __restrict__ mPointer = tensor<State>(row, 3);
        const Real zero = Real(0.0);
        const double* s = table.scalars + (row[0] * 10);
        const Real lambda = Real(s[0]); // λ
        const Real beta2 = Real(s[1]); // β₂
        const Real oneMinusBeta2 = Real(s[2]); // 1 − β₂
        const bool condition4 = s[3] > 0.0; // clip(t) = 0
        const Real beta1 = Real(s[4]); // β₁
        const Real eps = Real(s[5]); // ε
        const Real minusClip = Real(s[6]); // −clip(t)
        const Real clip = Real(s[7]); // clip(t)
        const Real oneMinusBeta1 = Real(s[8]); // 1 − β₁
        const Real eta = Real(s[9]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, secondMomentPointer, mPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto secondMomentValues = load(width, secondMomentPointer, i);
            auto mValues = load(width, mPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real secondMoment = secondMomentValues[k];
                const Real m = mValues[k];

                // g̃ = g + λ θₜ₋₁
                const Real gDecayed = g + (lambda * theta);

                // secondMomentₜ = g̃² if clip(t) = 0 else β₂ secondMomentₜ₋₁ + (1 − β₂) g̃²
                const Real secondMomentNext = condition4 ? (gDecayed * gDecayed) : ((beta2 * secondMoment) + ((oneMinusBeta2 * gDecayed) * gDecayed));

                // normalized = clamp(g̃ / max(√secondMomentₜ₋₁, ε), −clip(t), clip(t))
                const Real normalized = smaller(larger(gDecayed / larger(sqrt(secondMoment), eps), minusClip), clip);

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) (0 if clip(t) = 0 else normalized)
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * (condition4 ? zero : normalized));

                // θₜ = θₜ₋₁ − η mₜ
                const Real thetaNext = theta - (eta * mNext);

                secondMomentValues[k] = secondMomentNext;
                mValues[k] = mNext;
                thetaValues[k] = thetaNext;
            }

            store(width, secondMomentPointer, i, secondMomentValues);
            store(width, mPointer, i, mValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}