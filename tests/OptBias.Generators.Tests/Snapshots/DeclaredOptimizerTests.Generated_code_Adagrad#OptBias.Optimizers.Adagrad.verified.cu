//HintName: OptBias.Optimizers.Adagrad.cu
// Adagrad. In step t (from 1), g the gradient of the loss by θ:
//     g̃ = g + λ θₜ₋₁
//     vₜ = vₜ₋₁ + g̃²
//     u = g̃ / (√vₜ + ε)
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, v and writes v, θ; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdagradPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ vPointer = tensor<State>(row, 2);
        const double* s = table.scalars + (row[0] * 3);
        const Real lambda = Real(s[0]); // λ
        const Real epsilon = Real(s[1]); // ε
        const Real eta = Real(s[2]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, vPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto vValues = load(width, vPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real v = vValues[k];

                // g̃ = g + λ θₜ₋₁
                const Real gDecayed = g + (lambda * theta);

                // vₜ = vₜ₋₁ + g̃²
                const Real vNext = v + (gDecayed * gDecayed);

                // u = g̃ / (√vₜ + ε)
                const Real u = gDecayed / (sqrt(vNext) + epsilon);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                vValues[k] = vNext;
                thetaValues[k] = thetaNext;
            }

            store(width, vPointer, i, vValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}