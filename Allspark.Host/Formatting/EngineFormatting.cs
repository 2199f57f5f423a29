using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Microsoft.PowerShell.Commands.Internal.Format;

/// <summary>The shapes of the formatting engine, in its own order.</summary>
internal enum Shape
{
    Table,
    List,
    Wide,
    Complex,
}

/// <summary>
/// The door to the formatting engine. Its base cmdlets are public, but the inner command that does the work is set through
/// internal members, for which PowerShell's own Format- and Out- cmdlets are friends of the engine.
/// </summary>
internal static class EngineFormatting
{
    private const string Space = "Microsoft.PowerShell.Commands.Internal.Format.";
    private const string Engine = ", System.Management.Automation";
    private const string FormatCommand = Space + "InnerFormatShapeCommand" + Engine;
    private const string OutputCommand = Space + "OutputManagerInner" + Engine;
    private const string Line = Space + "LineOutput" + Engine;
    private const string WriterLine = Space + "TextWriterLineOutput" + Engine;
    private const string Settings = Space + "FormattingCommandLineParameters" + Engine;
    private const string Paths = "System.Management.Automation.PathUtils" + Engine;
    private const string XmlWriter = "Microsoft.PowerShell.Commands.FormatXmlWriter" + Engine;
    private const string Encodings = "System.Management.Automation.EncodingConversion" + Engine;

    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    // A field of an internal type cannot be reached by an accessor method.
    private static readonly FieldInfo Implementation = typeof(FrontEndCommandBase).GetField("implementation", Any)
        ?? throw new MissingMemberException(nameof(FrontEndCommandBase), "implementation");

    /// <summary>Makes a Format- cmdlet one of the given shape.</summary>
    public static void UseShape(FrontEndCommandBase command, Shape shape)
    {
        var type = Named("InnerFormatShapeCommand");
        var constructor = type.GetConstructors(Any)[0];
        var shapeType = constructor.GetParameters()[0].ParameterType;
        Implementation.SetValue(command, constructor.Invoke([Enum.ToObject(shapeType, (int)shape)]));
    }

    /// <summary>Makes an Out- cmdlet of a command; <see cref="WriteTo"/> must follow before it begins.</summary>
    public static void UseOutput(FrontEndCommandBase command) => Implementation.SetValue(command, NewOutput());

    /// <summary>Sends formatted lines of at most <paramref name="width"/> columns to a writer.</summary>
    public static void WriteTo(FrontEndCommandBase command, TextWriter writer, int width, bool suppressNewline = false) =>
        SetLineOutput(Implementation.GetValue(command)!, NewWriterLine(writer, width, suppressNewline));

    /// <summary>Gives Format-Wide its parameters.</summary>
    public static void UseWide(OuterFormatShapeCommandBase command, object? property, bool? autoSize, int? columns)
    {
        var shape = New("WideSpecificParameters");
        Set(shape, "columns", columns);
        Use(command, "FormatWideParameterDefinition", property is null ? null : [property], shape, autoSize);
    }

    /// <summary>Gives Format-Custom its parameters.</summary>
    public static void UseComplex(OuterFormatShapeCommandBase command, object[]? properties, int depth)
    {
        var shape = New("ComplexSpecificParameters");
        Set(shape, "maxDepth", depth);
        Use(command, "FormatObjectParameterDefinition", properties, shape, autoSize: null);
    }

    /// <summary>Opens a file for text by the rules and with the errors of PowerShell's file commands.</summary>
    public static StreamWriter OpenText(PSCmdlet command, string path, bool isLiteral, Encoding encoding, bool append, bool force,
        bool noClobber, out FileStream stream, out FileInfo? readOnlyFile)
    {
        OpenMaster(null, command, path, encoding, false, append, force, noClobber, out stream, out var writer, out readOnlyFile,
            isLiteral);
        return writer;
    }

    /// <summary>Warns about encodings that should no longer be used (UTF-7).</summary>
    public static void WarnIfObsolete(Cmdlet command, Encoding encoding) => WarnObsolete(null, command, encoding);

    /// <summary>The views of the session with the names of the types that each is for, groups of types resolved.</summary>
    public static IEnumerable<(List<string> Types, FormatViewDefinition View)> Views(PSCmdlet command)
    {
        var database = Property(Property(EngineInternals.Context(command), "FormatDBManager"), "Database");
        var groups = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var group in List(Get(database, "typeGroupSection")!, "typeGroupDefinitionList"))
            groups.TryAdd((string)Get(group, "name")!, group);
        foreach (var view in List(Get(database, "viewDefinitionsSection")!, "viewDefinitionList"))
        {
            if (Get(view, "isHelpFormatter") is true)
                continue;
            var types = new List<string>();
            foreach (var reference in List(Get(view, "appliesTo")!, "referenceList"))
            {
                var name = (string)Get(reference, "name")!;
                if (reference.GetType().Name != "TypeGroupReference")
                    types.Add(name);
                else if (groups.TryGetValue(name, out var group))
                    types.AddRange(List(group, "typeReferenceList").Select(type => (string)Get(type, "name")!));
            }
            yield return (types, Public(view));
        }
    }

    /// <summary>Writes views as XML by the rules of PowerShell's file commands.</summary>
    public static void Export(PSCmdlet command, List<ExtendedTypeDefinition> definitions, string path, bool force, bool noClobber,
        bool includeScriptBlock, bool isLiteral) =>
        WriteXml(null, command, definitions, path, force, noClobber, includeScriptBlock, isLiteral);

    /// <summary>A view as the public object model shows it.</summary>
    private static FormatViewDefinition Public(object view)
    {
        var body = Get(view, "mainControl")!;
        var type = body.GetType().Name switch
        {
            "TableControlBody" => typeof(TableControl),
            "ListControlBody" => typeof(ListControl),
            "WideControlBody" => typeof(WideControl),
            _ => typeof(CustomControl),
        };
        var control = Activator.CreateInstance(type, Any, binder: null, [body, view], culture: null)!;
        return (FormatViewDefinition)Activator.CreateInstance(typeof(FormatViewDefinition), Any, binder: null,
            [Get(view, "name")!, control, Property(view, "InstanceId")], culture: null)!;
    }

    private static IEnumerable<object> List(object target, string field) =>
        ((System.Collections.IEnumerable)Get(target, field)!).Cast<object>();

    private static object Property(object target, string name) =>
        Member(target.GetType(), type => type.GetProperty(name, Any), name).GetValue(target)!;

    private static void Use(OuterFormatShapeCommandBase command, string definition, object[]? properties, object shape, bool? autoSize)
    {
        var settings = New("FormattingCommandLineParameters");
        if (properties is not null)
        {
            var processor = New("ParameterProcessor", New(definition));
            Set(settings, "mshParameterList", Call(processor, "ProcessParameters", properties, New("TerminatingErrorContext", command)));
        }
        if (!string.IsNullOrEmpty(command.View))
        {
            if (properties is not null)
                Call(command, "ReportCannotSpecifyViewAndProperty");
            Set(settings, "viewName", command.View);
        }
        Set(settings, "groupByParameter", Call(command, "ProcessGroupByParameter"));
        Set(settings, "forceFormattingAlsoOnOutOfBand", command.Force.IsPresent);
        Set(settings, "showErrorsAsMessages", Get(command, "showErrorsAsMessages"));
        Set(settings, "showErrorsInFormattedOutput", Get(command, "showErrorsInFormattedOutput"));
        Set(settings, "expansion", Call(command, "ProcessExpandParameter"));
        Set(settings, "autosize", autoSize);
        Set(settings, "shapeParameters", shape);
        SetSettings(Implementation.GetValue(command)!, settings);
    }

    private static Type Named(string name) => typeof(FrontEndCommandBase).Assembly.GetType(Space + name, throwOnError: true)!;

    private static object New(string name, params object[] arguments) =>
        Activator.CreateInstance(Named(name), Any, binder: null, arguments, culture: null)!;

    private static object? Call(object target, string method, params object?[] arguments) =>
        Member(target.GetType(), type => type.GetMethod(method, Any), method)
            .Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

    private static object? Get(object target, string field) => Field(target, field).GetValue(target);

    private static void Set(object target, string field, object? value) => Field(target, field).SetValue(target, value);

    private static FieldInfo Field(object target, string field) => Member(target.GetType(), type => type.GetField(field, Any), field);

    /// <summary>Looks a member up on a type and its bases, whose private members reflection does not inherit.</summary>
    private static T Member<T>(Type type, Func<Type, T?> find, string name)
        where T : class
    {
        for (var at = type; at is not null; at = at.BaseType!)
        {
            if (find(at) is { } member)
                return member;
        }
        throw new MissingMemberException(type.Name, name);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(OutputCommand)]
    private static extern object NewOutput();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(WriterLine)]
    private static extern object NewWriterLine(TextWriter writer, int columns, bool suppressNewline);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_LineOutput")]
    private static extern void SetLineOutput([UnsafeAccessorType(OutputCommand)] object command, [UnsafeAccessorType(Line)] object line);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SetCommandLineParameters")]
    private static extern void SetSettings([UnsafeAccessorType(FormatCommand)] object command,
        [UnsafeAccessorType(Settings)] object settings);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "MasterStreamOpen")]
    private static extern void OpenMaster([UnsafeAccessorType(Paths)] object? type, PSCmdlet cmdlet, string filePath,
        Encoding resolvedEncoding, bool defaultEncoding, bool append, bool force, bool noClobber, out FileStream fileStream,
        out StreamWriter streamWriter, out FileInfo? readOnlyFileInfo, bool isLiteralPath);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "WriteToPs1Xml")]
    private static extern void WriteXml([UnsafeAccessorType(XmlWriter)] object? type, PSCmdlet cmdlet,
        List<ExtendedTypeDefinition> typeDefinitions, string filepath, bool force, bool noclobber, bool writeScriptBlock,
        bool isLiteralPath);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "WarnIfObsolete")]
    private static extern void WarnObsolete([UnsafeAccessorType(Encodings)] object? type, Cmdlet cmdlet, Encoding encoding);
}
