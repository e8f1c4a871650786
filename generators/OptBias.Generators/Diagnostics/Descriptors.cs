using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Diagnostics;

/// <summary>The diagnostics of the language. Each has a page of its own in <c>docs/diagnostics</c>.</summary>
internal static class Descriptors
{
    private static readonly Dictionary<string, DiagnosticDescriptor> Known = new(StringComparer.Ordinal);

    public static readonly DiagnosticDescriptor NotPartial = Error("OB0001",
        "An optimizer must be partial",
        "'{0}' is declared as an optimizer but is not partial, so nothing can be generated for it; write 'partial class {0}'");

    public static readonly DiagnosticDescriptor Generic = Error("OB0002",
        "An optimizer must not be generic",
        "'{0}' is generic; an optimizer and the types that hold it take no type parameters");

    public static readonly DiagnosticDescriptor ContainerNotPartial = Error("OB0003",
        "A type that holds an optimizer must be partial",
        "'{0}' holds the optimizer '{1}' but is not partial; write 'partial' on it, or move '{1}' out of it");

    public static readonly DiagnosticDescriptor WrongKindOfClass = Error("OB0004",
        "An optimizer must be an ordinary class",
        "'{0}' is {1}; an optimizer is a plain partial class, best 'sealed partial class {0}'");

    public static readonly DiagnosticDescriptor HasBaseClass = Error("OB0005",
        "An optimizer must not have a base class",
        "'{0}' derives from '{1}'; the generated part derives from OptBias.DeclaredOptimizer, so the declaration names no base class");

    public static readonly DiagnosticDescriptor StageWithoutOptimizer = Warning("OB0006",
        "A stage on a class that is no optimizer",
        "[{0}] does nothing on '{1}', which is not declared as an optimizer; write [Optimizer] above it");

    public static readonly DiagnosticDescriptor StagesOnTwoParts = Error("OB0007",
        "A declaration must stand on one part of its class",
        "[{0}] stands on another part of '{1}' than [{2}]; stages are read top to bottom, and the parts of a class have no order, so write them all on one part");

    public static readonly DiagnosticDescriptor UnusedMethod = Warning("OB0008",
        "A method that is marked for the generator is not used",
        "{0} does nothing: {1}");

    public static readonly DiagnosticDescriptor ConstantOutOfRange = Error("OB0010",
        "A constant is out of range",
        "'{0}' of [{1}] is {2}, which is not in {3}");

    public static readonly DiagnosticDescriptor MissingBeta = Error("OB0011",
        "A statistic that forgets needs its rate",
        "[{0}] with the statistic {1} needs a forgetting rate: [{0}(0.99)], say");

    public static readonly DiagnosticDescriptor ContradictoryOptions = Error("OB0012",
        "Options contradict each other",
        "[{0}] has both '{1}' and '{2}': {3}");

    public static readonly DiagnosticDescriptor NesterovWithoutMomentum = Warning("OB0013",
        "Nesterov has no effect without momentum",
        "[{0}] looks ahead with Nesterov, but its momentum is 0, so there is nothing to look ahead along");

    public static readonly DiagnosticDescriptor SecondPreconditioner = Error("OB0014",
        "Two preconditioners of one kind",
        "A second [{0}] stands in one declaration: it would divide by the same statistic twice; remove one");

    public static readonly DiagnosticDescriptor GraftWithoutPreconditioner = Error("OB0015",
        "Nothing to graft",
        "[Graft] takes its direction from a preconditioner above it, and there is none; put it below [Kronecker] or [Diagonal]");

    public static readonly DiagnosticDescriptor CoordinateChangeNotFirst = Error("OB0016",
        "A nonlinear coordinate change must come first",
        "[{0}] changes the coordinates nonlinearly, so no stage can stand above it; move it above [{1}]");

    public static readonly DiagnosticDescriptor StageWithoutEffect = Warning("OB0017",
        "A stage has no effect",
        "[{0}] has no effect here: {1}");

    public static readonly DiagnosticDescriptor NameCollision = Error("OB0018",
        "Two hyperparameters of one name",
        "The hyperparameter '{0}' of [{1}] has the name of one of [{2}] above; give one of the two stages a Name, as in [{1}(..., Name = \"Slow\")]");

    public static readonly DiagnosticDescriptor InvalidStageName = Error("OB0019",
        "A stage's name must be an identifier",
        "'{0}' is not a valid name for [{1}]; it becomes part of identifiers, so it must be one itself");

    public static readonly DiagnosticDescriptor CoordinateChangeAfterStage = Error("OB0020",
        "A coordinate change must stand above what it should hold",
        "[{0}] opens coordinates for the stages below it, but [{1}] above it has already acted on the elements of the old ones; move [{0}] above [{1}]");

    public static readonly DiagnosticDescriptor DirectionInRotatedCoordinates = Error("OB0021",
        "A momentum must stand above a basis that turns",
        "[{0}] keeps a direction from step to step, and [{1}] above it turns the coordinates under it; move [{0}] above [{1}], where it does the same");

    public static readonly DiagnosticDescriptor UndefinedOption = Error("OB0022",
        "An option has an unknown value",
        "'{1}' of [{0}] is {2}, which is none of {3}");

    public static readonly DiagnosticDescriptor FactoredInRotatedCoordinates = Error("OB0023",
        "State of rows or columns cannot follow a basis that turns",
        "[{0}] keeps {1}, and [KroneckerBasis] above it turns rows and columns; {2}");

    public static readonly DiagnosticDescriptor HyperparameterWithoutEffect = Warning("OB0024",
        "A hyperparameter has no effect",
        "The hyperparameter '{0}' has no effect: its value reaches neither the parameter nor any state of [{1}]");

    public static readonly DiagnosticDescriptor OptionWithoutEffect = Warning("OB0025",
        "An option has no effect",
        "The option '{0}' of [{1}] has no effect here: {2}");

    public static readonly DiagnosticDescriptor RouteToNoOptimizer = Error("OB0030",
        "A route must lead to an optimizer",
        "[Route] leads to '{0}', {1}");

    public static readonly DiagnosticDescriptor RouteToComposite = Error("OB0031",
        "A route must not lead to another composite",
        "[Route] leads to '{0}', which has routes itself; name the optimizers that it leads to");

    public static readonly DiagnosticDescriptor RouteAmongStages = Error("OB0032",
        "Routes and stages do not mix",
        "'{0}' has both routes and stages; a class with routes only chooses among other optimizers, so declare the stages on a class of their own and route to it");

    public static readonly DiagnosticDescriptor UnreachableRoute = Warning("OB0033",
        "A route is never taken",
        "The route to '{0}' is never taken, because a route above it takes all of its parameters");

    public static readonly DiagnosticDescriptor StateOfComposite = Error("OB0034",
        "A composite has no state of its own",
        "'{0}' has routes and no state of its own: state is stored by the routed optimizers; put [State] on them");

    public static readonly DiagnosticDescriptor EmptyNames = Error("OB0035",
        "A route's names are empty",
        "[Route] to '{0}' takes parameters of no name, since its Names are empty; write a pattern, as in Names = \"*embed*, head.weight\", or leave Names out to take all names");

    public static readonly DiagnosticDescriptor MethodNotFound = Error("OB0040",
        "A per-element method is not there",
        "[{3}] names '{0}', but '{1}' has no method of that name{2}");

    public static readonly DiagnosticDescriptor NotStatic = Error("OB0041",
        "A per-element method must be static",
        "'{0}' is an instance method; a per-element method is static, since it sees one element and no optimizer");

    public static readonly DiagnosticDescriptor WrongSignature = Error("OB0042",
        "A method cannot be a per-element method",
        "'{0}' {1}");

    public static readonly DiagnosticDescriptor WrongParameterType = Error("OB0043",
        "A parameter of a per-element method has the wrong type",
        "'{0}' of '{1}' {2}");

    public static readonly DiagnosticDescriptor UnknownParameter = Error("OB0044",
        "A parameter of a per-element method is bound to nothing",
        "'{0}' of '{1}' is neither a signal (update, gradient, parameter) nor state (ref) nor a hyperparameter ([Hyper]) nor rows, columns or elements, and no [PerStep] or [Sum] method has that name{2}");

    public static readonly DiagnosticDescriptor UnsupportedConstruct = Error("OB0045",
        "A per-element method has C# that cannot be translated",
        "'{1}' contains {0}; a per-element method consists of local variables, arithmetic, comparisons, ?:, if and else, and calls of Math's elementary functions and of the class's other static methods");

    public static readonly DiagnosticDescriptor Recursion = Error("OB0046",
        "A per-element method must not call itself",
        "The call of '{0}' leads back to itself; the methods that '{1}' calls become part of it, so there must be an end");

    public static readonly DiagnosticDescriptor WrongPerStep = Error("OB0047",
        "A [PerStep] method has the wrong signature",
        "'{0}' {1}");

    public static readonly DiagnosticDescriptor NameTaken = Error("OB0048",
        "A name is taken",
        "'{0}' cannot be used here: {1}");

    public static readonly DiagnosticDescriptor UnusedState = Warning("OB0049",
        "State is not used",
        "'{0}' is state of '{1}', which costs memory for every element, but {2}");

    public static readonly DiagnosticDescriptor NotOfAPoint = Error("OB0050",
        "A point depends on what is not there between steps",
        "'{0}' of '{1}' {2}");

    public static readonly DiagnosticDescriptor MisplacedPoint = Error("OB0051",
        "A point of evaluation cannot stand here",
        "[EvaluateAt] {0}");

    public static readonly DiagnosticDescriptor LanguageTooOld = Error("OB0060",
        "The language version is too old",
        "The generated code needs C# {0} and this project is compiled as C# {1}; leave LangVersion out of the project, or set it to {0} or later");

    public static readonly DiagnosticDescriptor UnsafeCodeOff = Error("OB0061",
        "Unsafe code is off",
        "The generated kernels read and write tensors through pointers, and this project turns unsafe code off; the package turns it on, so take AllowUnsafeBlocks=false out of the project");

    public static readonly DiagnosticDescriptor ReferenceWithAlias = Error("OB0062",
        "A reference has an alias instead of the global name",
        "Generated code writes 'global::', and {0} has only the alias '{1}' in this project; give the reference both, as in Aliases=\"global,{1}\"");

    public static readonly DiagnosticDescriptor ConstructorTaken = Error("OB0063",
        "A constructor has the parameters of a generated one",
        "'{0}' has this constructor already, in its generated half; give it other parameters, and let it call the generated one with ': this(...)'");

    public static readonly DiagnosticDescriptor RequiredMember = Error("OB0064",
        "An optimizer must not have required members",
        "'{0}' of '{1}' is required, and Descriptor.Create, which makes the optimizer by name, cannot know a value for it; give it a default, or take it in a constructor of your own");

    public static IReadOnlyDictionary<string, DiagnosticDescriptor> ById => Known;

    /// <summary>What makes an optimizer impossible. No setting can turn it off: what would be built without it is another rule than the one that was declared.</summary>
    private static DiagnosticDescriptor Error(string id, string title, string message) => Add(id, title, message, DiagnosticSeverity.Error, WellKnownDiagnosticTags.NotConfigurable);

    private static DiagnosticDescriptor Warning(string id, string title, string message) => Add(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Add(string id, string title, string message, DiagnosticSeverity severity, params string[] tags)
    {
        var descriptor = new DiagnosticDescriptor(id, title, message, "OptBias", severity, isEnabledByDefault: true,
            helpLinkUri: HelpLinks.Of(id),
            customTags: tags);
        Known.Add(id, descriptor);
        return descriptor;
    }
}
