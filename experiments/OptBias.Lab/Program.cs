return OptBias.Lab.Commands.CommandLine.Run(args);
