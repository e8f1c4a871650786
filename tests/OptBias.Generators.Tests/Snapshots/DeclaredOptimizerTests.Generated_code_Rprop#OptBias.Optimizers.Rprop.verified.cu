//HintName: OptBias.Optimizers.Rprop.cu
// Rprop. In step t (from 1), g the gradient of the loss by θ:
//     agreement = g lastₜ₋₁
//     sizeₜ = clamp(1 if 0 < isFirst(t) else (grow sizeₜ₋₁ if 0 < agreement else (shrink sizeₜ₋₁ if agreement < 0 else sizeₜ₋₁)), smallest(t, η, minimum), largest(t, η, maximum))
//     lastₜ = 0 if agreement < 0 else g
//     u = sign(lastₜ) sizeₜ
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T smaller(T a, T b) { return a < b || a != a ? a : b; }
template <typename T> static __device__ inline T larger(T a, T b) { return a > b || a != a ? a : b; }
template <typename T> static __device__ inline T signum(T a) { return T(a > T(0)) - T(a < T(0)); }

// Pass 1 of 1: reads θ, g, last, size and writes size, last, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) RpropPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ lastPointer = tensor<State>(row, 2);
        State* __restrict__ sizePointer = tensor<State>(row, 3);
        const Real zero = Real(0.0);
        const Real one = Real(1.0);
        const double* s = table.scalars + (row[0] * 6);
        const Real grow = Real(s[0]); // grow
        const Real shrink = Real(s[1]); // shrink
        const bool condition4 = s[2] > 0.0; // 0 < isFirst(t)
        const Real smallest = Real(s[3]); // smallest(t, η, minimum)
        const Real largest = Real(s[4]); // largest(t, η, maximum)
        const Real eta = Real(s[5]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, lastPointer, sizePointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto lastValues = load(width, lastPointer, i);
            auto sizeValues = load(width, sizePointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real last = lastValues[k];
                const Real size = sizeValues[k];

                // agreement = g lastₜ₋₁
                const Real agreement = g * last;

                // mask = agreement < 0
                const bool mask = agreement < zero;

                // sizeₜ = clamp(1 if 0 < isFirst(t) else (grow sizeₜ₋₁ if 0 < agreement else (shrink sizeₜ₋₁ if mask else sizeₜ₋₁)), smallest(t, η, minimum), largest(t, η, maximum))
                const Real sizeNext = smaller(larger(condition4 ? one : (zero < agreement ? (grow * size) : (mask ? (shrink * size) : size)), smallest), largest);

                // lastₜ = 0 if mask else g
                const Real lastNext = mask ? zero : g;

                // u = sign(lastₜ) sizeₜ
                const Real u = signum(lastNext) * sizeNext;

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                sizeValues[k] = sizeNext;
                lastValues[k] = lastNext;
                thetaValues[k] = thetaNext;
            }

            store(width, sizePointer, i, sizeValues);
            store(width, lastPointer, i, lastValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}