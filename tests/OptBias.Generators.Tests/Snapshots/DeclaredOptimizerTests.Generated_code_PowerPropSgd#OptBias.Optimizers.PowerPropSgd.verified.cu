//HintName: OptBias.Optimizers.PowerPropSgd.cu
// PowerPropSgd. In step t (from 1), g the gradient of the loss by θ:
//     φₜ₋₁ = sign(θₜ₋₁) |θₜ₋₁|^(1 / α)
//     gᵠ = α |φₜ₋₁|^(α − 1) g
//     φₜ = φₜ₋₁ − η gᵠ
//     θₜ = φₜ |φₜ|^(α − 1)
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T signum(T a) { return T(a > T(0)) - T(a < T(0)); }

// Pass 1 of 1: reads θ, g and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) PowerPropSgdPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        const double* s = table.scalars + (row[0] * 4);
        const Real oneOverAlpha = Real(s[0]); // 1 / α
        const Real alphaMinusOne = Real(s[1]); // α − 1
        const Real alpha = Real(s[2]); // α
        const Real eta = Real(s[3]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];

                // φₜ₋₁ = sign(θₜ₋₁) |θₜ₋₁|^(1 / α)
                const Real phi = signum(theta) * power(fabs(theta), oneOverAlpha);

                // gᵠ = α |φₜ₋₁|^(α − 1) g
                const Real gPhi = (alpha * power(fabs(phi), alphaMinusOne)) * g;

                // φₜ = φₜ₋₁ − η gᵠ
                const Real phiNext = phi - (eta * gPhi);

                // θₜ = φₜ |φₜ|^(α − 1)
                const Real thetaNext = phiNext * power(fabs(phiNext), alphaMinusOne);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}