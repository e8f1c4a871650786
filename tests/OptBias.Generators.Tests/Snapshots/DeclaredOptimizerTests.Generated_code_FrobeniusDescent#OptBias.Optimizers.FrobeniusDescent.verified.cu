//HintName: OptBias.Optimizers.FrobeniusDescent.cu
// FrobeniusDescent. In step t (from 1), g the gradient of the loss by θ:
//     s = 1 / ‖g‖ if 0 < ‖g‖ else 0
//     u = s g
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 2: reads g, and gathers 1 sum; 1 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) FrobeniusDescentPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 2LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        Real sum0 = 0;

        for_elements(chunk, is_aligned(gPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];

                sum0 += g * g;
            }
        });
        block_sum(sum0, table.sums + (c * 1) + 0);
    }
}

// Pass 2 of 2: reads θ, g and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) FrobeniusDescentPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        const double* s = table.scalars + (row[0] * 2);
        const Real inverseLength = Real(s[0]); // s = 1 / ‖g‖ if 0 < ‖g‖ else 0
        const Real eta = Real(s[1]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];

                // u = s g
                const Real u = inverseLength * g;

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}