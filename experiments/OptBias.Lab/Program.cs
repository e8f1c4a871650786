Console.WriteLine("optbias");
