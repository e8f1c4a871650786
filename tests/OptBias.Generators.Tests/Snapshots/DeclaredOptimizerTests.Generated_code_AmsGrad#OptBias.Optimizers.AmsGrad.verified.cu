//HintName: OptBias.Optimizers.AmsGrad.cu
// AmsGrad. In step t (from 1), g the gradient of the loss by θ:
//     g̃ = g + λ θₜ₋₁
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g̃
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) g̃²
//     vᵐᵃˣₜ = max(vᵐᵃˣₜ₋₁, vₜ)
//     m̂ = mₜ / (1 − β₁ᵗ)
//     v̂ = vᵐᵃˣₜ / (1 − β₂ᵗ)
//     u = m̂ / (√v̂ + ε)
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T larger(T a, T b) { return a > b || a != a ? a : b; }

// Pass 1 of 1: reads θ, g, m, v, vᵐᵃˣ and writes m, v, vᵐᵃˣ, θ; 9 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AmsGradPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 6LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        State* __restrict__ vPointer = tensor<State>(row, 3);
        State* __restrict__ vMaxPointer = tensor<State>(row, 4);
        const double* s = table.scalars + (row[0] * 9);
        const Real beta1 = Real(s[0]); // β₁
        const Real lambda = Real(s[1]); // λ
        const Real oneMinusBeta1 = Real(s[2]); // 1 − β₁
        const Real beta2 = Real(s[3]); // β₂
        const Real oneMinusBeta2 = Real(s[4]); // 1 − β₂
        const Real inverseBiasCorrection1 = Real(s[5]); // 1 / (1 − β₁ᵗ)
        const Real inverseBiasCorrection2 = Real(s[6]); // 1 / (1 − β₂ᵗ)
        const Real epsilon = Real(s[7]); // ε
        const Real eta = Real(s[8]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, mPointer, vPointer, vMaxPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            auto vValues = load(width, vPointer, i);
            auto vMaxValues = load(width, vMaxPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real m = mValues[k];
                const Real v = vValues[k];
                const Real vMax = vMaxValues[k];

                // g̃ = g + λ θₜ₋₁
                const Real gDecayed = g + (lambda * theta);

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g̃
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * gDecayed);

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) g̃²
                const Real vNext = (beta2 * v) + (oneMinusBeta2 * (gDecayed * gDecayed));

                // vᵐᵃˣₜ = max(vᵐᵃˣₜ₋₁, vₜ)
                const Real vMaxNext = larger(vMax, vNext);

                // m̂ = mₜ / (1 − β₁ᵗ)
                const Real mHat = mNext * inverseBiasCorrection1;

                // v̂ = vᵐᵃˣₜ / (1 − β₂ᵗ)
                const Real vHat = vMaxNext * inverseBiasCorrection2;

                // u = m̂ / (√v̂ + ε)
                const Real u = mHat / (sqrt(vHat) + epsilon);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                mValues[k] = mNext;
                vValues[k] = vNext;
                vMaxValues[k] = vMaxNext;
                thetaValues[k] = thetaNext;
            }

            store(width, mPointer, i, mValues);
            store(width, vPointer, i, vValues);
            store(width, vMaxPointer, i, vMaxValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}