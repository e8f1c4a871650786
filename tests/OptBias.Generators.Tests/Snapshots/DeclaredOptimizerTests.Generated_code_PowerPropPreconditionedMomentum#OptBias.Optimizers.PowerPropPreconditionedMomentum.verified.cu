//HintName: OptBias.Optimizers.PowerPropPreconditionedMomentum.cu
// PowerPropPreconditionedMomentum. In step t (from 1), g the gradient of the loss by θ:
//     bₜ = μ bₜ₋₁ + α² |θₜ₋₁|^(2 − 2 / α) g
//     θₜ = θₜ₋₁ − η bₜ
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, b and writes b, θ; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) PowerPropPreconditionedMomentumPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ bPointer = tensor<State>(row, 2);
        const double* s = table.scalars + (row[0] * 4);
        const Real momentum = Real(s[0]); // μ
        const Real twoMinusTwoOverAlpha = Real(s[1]); // 2 − 2 / α
        const Real alphaSquared = Real(s[2]); // α²
        const Real eta = Real(s[3]); // η

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

                // bₜ = μ bₜ₋₁ + α² |θₜ₋₁|^(2 − 2 / α) g
                const Real bNext = (momentum * b) + ((alphaSquared * power(fabs(theta), twoMinusTwoOverAlpha)) * g);

                // θₜ = θₜ₋₁ − η bₜ
                const Real thetaNext = theta - (eta * bNext);

                bValues[k] = bNext;
                thetaValues[k] = thetaNext;
            }

            store(width, bPointer, i, bValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}