//HintName: OptBias.Optimizers.PowerPropMomentum.cu
// PowerPropMomentum. In step t (from 1), g the gradient of the loss by θ:
//     φₜ₋₁ = sign(θₜ₋₁) |θₜ₋₁|^(1 / α)
//     gᵠ = α |φₜ₋₁|^(α − 1) g
//     bₜ = μ bₜ₋₁ + gᵠ
//     φₜ = φₜ₋₁ − η bₜ
//     θₜ = φₜ |φₜ|^(α − 1)
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T signum(T a) { return T(a > T(0)) - T(a < T(0)); }

// Pass 1 of 1: reads θ, g, b and writes b, θ; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) PowerPropMomentumPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ bPointer = tensor<State>(row, 2);
        const double* s = table.scalars + (row[0] * 5);
        const Real momentum = Real(s[0]); // μ
        const Real oneOverAlpha = Real(s[1]); // 1 / α
        const Real alphaMinusOne = Real(s[2]); // α − 1
        const Real alpha = Real(s[3]); // α
        const Real eta = Real(s[4]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, bPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto bValues = load(width, bPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real b = bValues[k];

                // φₜ₋₁ = sign(θₜ₋₁) |θₜ₋₁|^(1 / α)
                const Real phi = signum(theta) * power(fabs(theta), oneOverAlpha);

                // gᵠ = α |φₜ₋₁|^(α − 1) g
                const Real gPhi = (alpha * power(fabs(phi), alphaMinusOne)) * g;

                // bₜ = μ bₜ₋₁ + gᵠ
                const Real bNext = (momentum * b) + gPhi;

                // φₜ = φₜ₋₁ − η bₜ
                const Real phiNext = phi - (eta * bNext);

                // θₜ = φₜ |φₜ|^(α − 1)
                const Real thetaNext = phiNext * power(fabs(phiNext), alphaMinusOne);

                bValues[k] = bNext;
                thetaValues[k] = thetaNext;
            }

            store(width, bPointer, i, bValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}