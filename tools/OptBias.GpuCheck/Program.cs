using OptBias.GpuCheck;

return CommandLine.Run(args);
