//HintName: OptBias.Optimizers.Upgd.cu
// Upgd. In step t (from 1), g the gradient of the loss by θ:
//     utilityₜ = utilityBeta utilityₜ₋₁ − (1 − utilityBeta) g θₜ₋₁
//     u = g (1 − 0.5 (1 + tanh(0.5 (utilityₜ / gathered(t, utilityBeta) / utilityScale)))) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, utility and writes utility, θ; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) UpgdPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ utilityPointer = tensor<State>(row, 2);
        const Real half = Real(0.5);
        const Real one = Real(1.0);
        const double* s = table.scalars + (row[0] * 6);
        const Real utilityBeta = Real(s[0]); // utilityBeta
        const Real oneMinusUtilityBeta = Real(s[1]); // 1 − utilityBeta
        const Real inverseGathered = Real(s[2]); // 1 / gathered(t, utilityBeta)
        const Real oneOverUtilityScale = Real(s[3]); // 1 / utilityScale
        const Real lambda = Real(s[4]); // λ
        const Real eta = Real(s[5]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, utilityPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto utilityValues = load(width, utilityPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real utility = utilityValues[k];

                // utilityₜ = utilityBeta utilityₜ₋₁ − (1 − utilityBeta) g θₜ₋₁
                const Real utilityNext = (utilityBeta * utility) - ((oneMinusUtilityBeta * g) * theta);

                // u = g (1 − 0.5 (1 + tanh(0.5 (utilityₜ / gathered(t, utilityBeta) / utilityScale)))) + λ θₜ₋₁
                const Real u = (g * (one - (half * (one + tanh(half * ((utilityNext * inverseGathered) * oneOverUtilityScale)))))) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                utilityValues[k] = utilityNext;
                thetaValues[k] = thetaNext;
            }

            store(width, utilityPointer, i, utilityValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}