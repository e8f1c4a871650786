// CUDA's words for a host compiler: the kernels' text as it stands, run by loops. A block's threads are contexts of one thread of
// the system that take turns; __syncthreads() ends a turn, so that all have come to a barrier before one goes on.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ucontext.h>

using std::sqrt; using std::fabs; using std::fma; using std::copysign; using std::exp; using std::log; using std::tanh; using std::pow;

#define __device__
#define __global__ __attribute__((visibility("default")))
#define __launch_bounds__(threads)
#define __forceinline__ inline
#define __shared__ static

struct Index { unsigned x; };
static Index threadIdx, blockIdx, blockDim, gridDim;

template <typename To, typename From> static inline To same_bits(From from) { To to; static_assert(sizeof(To) == sizeof(From), ""); std::memcpy(&to, &from, sizeof(to)); return to; }
static inline float __int_as_float(int bits) { return same_bits<float>(bits); }
static inline int __float_as_int(float value) { return same_bits<int>(value); }
static inline double __longlong_as_double(long long bits) { return same_bits<double>(bits); }

static const int MaxThreads = 256;
static const int StackSize = 64 * 1024;
static ucontext_t turns, threads[MaxThreads];
static bool finished[MaxThreads];
static char* stacks;

static inline void __syncthreads() { swapcontext(&threads[threadIdx.x], &turns); }

static void (*body)(const void*);
static const void* argument;

static void run_thread()
{
    body(argument);
    finished[threadIdx.x] = true;
    swapcontext(&threads[threadIdx.x], &turns);
}

// Runs a kernel whose one argument is a structure too large for registers, which is handed over by address.
static void run_grid(void (*kernel)(const void*), const void* table, unsigned blocks, unsigned count)
{
    if (!stacks)
        stacks = (char*)std::malloc((size_t)MaxThreads * StackSize);
    body = kernel;
    argument = table;
    gridDim.x = blocks;
    blockDim.x = count;
    for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++)
    {
        for (unsigned t = 0; t < count; t++)
        {
            finished[t] = false;
            getcontext(&threads[t]);
            threads[t].uc_stack.ss_sp = stacks + (size_t)t * StackSize;
            threads[t].uc_stack.ss_size = StackSize;
            threads[t].uc_link = nullptr;
            makecontext(&threads[t], run_thread, 0);
        }

        for (bool some = true; some;)
        {
            some = false;
            for (unsigned t = 0; t < count; t++)
            {
                if (finished[t])
                    continue;
                threadIdx.x = t;
                swapcontext(&turns, &threads[t]);
                some |= !finished[t];
            }
        }
    }
}
