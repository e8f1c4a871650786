//HintName: Toys.One.cu
__global__ void one() { }
