//HintName: OptBias.Optimizers.Lion.cu
// Lion. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     c = ι mₜ₋₁ + (1 − ι) g
//     u = sign(c) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

template <typename T> static __device__ inline T signum(T a) { return T(a > T(0)) - T(a < T(0)); }

// Pass 1 of 1: reads θ, g, m and writes m, θ; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) LionPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        const double* s = table.scalars + (row[0] * 6);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneMinusBeta1 = Real(s[1]); // 1 − β₁
        const Real iota = Real(s[2]); // ι
        const Real oneMinusIota = Real(s[3]); // 1 − ι
        const Real lambda = Real(s[4]); // λ
        const Real eta = Real(s[5]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, mPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real m = mValues[k];

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * g);

                // c = ι mₜ₋₁ + (1 − ι) g
                const Real c_ = (iota * m) + (oneMinusIota * g);

                // u = sign(c) + λ θₜ₋₁
                const Real u = signum(c_) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                mValues[k] = mNext;
                thetaValues[k] = thetaNext;
            }

            store(width, mPointer, i, mValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}