//HintName: OptBias.Optimizers.PowerPropAdam.cu
// PowerPropAdam. In step t (from 1), g the gradient of the loss by θ:
//     φₜ₋₁ = sign(θₜ₋₁) |θₜ₋₁|^(1 / α)
//     gᵠ = α |φₜ₋₁|^(α − 1) g
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) gᵠ
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) gᵠ²
//     m̂ = mₜ / (1 − β₁ᵗ)
//     v̂ = vₜ / (1 − β₂ᵗ)
//     u = m̂ / (√v̂ + ε)
//     φₜ = φₜ₋₁ − η u
//     θₜ = φₜ |φₜ|^(α − 1)
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T signum(T a) { return T(a > T(0)) - T(a < T(0)); }

// Pass 1 of 1: reads θ, g, m, v and writes m, v, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) PowerPropAdamPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        State* __restrict__ vPointer = tensor<State>(row, 3);
        const double* s = table.scalars + (row[0] * 11);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneOverAlpha = Real(s[1]); // 1 / α
        const Real alphaMinusOne = Real(s[2]); // α − 1
        const Real alpha = Real(s[3]); // α
        const Real oneMinusBeta1 = Real(s[4]); // 1 − β₁
        const Real beta2 = Real(s[5]); // β₂
        const Real oneMinusBeta2 = Real(s[6]); // 1 − β₂
        const Real inverseBiasCorrection1 = Real(s[7]); // 1 / (1 − β₁ᵗ)
        const Real inverseBiasCorrection2 = Real(s[8]); // 1 / (1 − β₂ᵗ)
        const Real epsilon = Real(s[9]); // ε
        const Real eta = Real(s[10]); // η

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

                // φₜ₋₁ = sign(θₜ₋₁) |θₜ₋₁|^(1 / α)
                const Real phi = signum(theta) * power(fabs(theta), oneOverAlpha);

                // gᵠ = α |φₜ₋₁|^(α − 1) g
                const Real gPhi = (alpha * power(fabs(phi), alphaMinusOne)) * g;

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) gᵠ
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * gPhi);

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) gᵠ²
                const Real vNext = (beta2 * v) + (oneMinusBeta2 * (gPhi * gPhi));

                // m̂ = mₜ / (1 − β₁ᵗ)
                const Real mHat = mNext * inverseBiasCorrection1;

                // v̂ = vₜ / (1 − β₂ᵗ)
                const Real vHat = vNext * inverseBiasCorrection2;

                // u = m̂ / (√v̂ + ε)
                const Real u = mHat / (sqrt(vHat) + epsilon);

                // φₜ = φₜ₋₁ − η u
                const Real phiNext = phi - (eta * u);

                // θₜ = φₜ |φₜ|^(α − 1)
                const Real thetaNext = phiNext * power(fabs(phiNext), alphaMinusOne);

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