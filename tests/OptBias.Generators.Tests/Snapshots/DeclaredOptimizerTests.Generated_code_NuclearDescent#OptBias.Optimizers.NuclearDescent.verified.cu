//HintName: OptBias.Optimizers.NuclearDescent.cu
// NuclearDescent. In step t (from 1), g the gradient of the loss by θ:
//     U: the update as a matrix, its first dimension by all others
//     v ← Uᵀ U v / ‖Uᵀ U v‖, 8 times from the v of the step before
//     u = topSingularPair(g)
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, u and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) NuclearDescentPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Real* __restrict__ uPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 1);
        const Real eta = Real(s[0]); // η

        for_elements(chunk, is_aligned(thetaPointer, uPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto uValues = load(width, uPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real u = uValues[k];

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}