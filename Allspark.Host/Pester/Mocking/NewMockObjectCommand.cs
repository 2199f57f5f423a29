using System.Runtime.CompilerServices;
using Allspark.Host.Pester.Running;

namespace Allspark.Host.Pester.Mocking;

/// <summary>Makes an object of a type, without a constructor unless arguments are given, with properties and methods replaced.</summary>
[Cmdlet(VerbsCommon.New, "MockObject", DefaultParameterSetName = "Type")]
public sealed class NewMockObjectCommand : PSCmdlet
{
    private static readonly ScriptBlock Recorder = PesterScript.Create("""
        param($______history, $______body)
        {
            $this.$______history.Add([pscustomobject]@{ Call = $this.$______history.Count + 1; Arguments = $args })
            & $______body @args
        }.GetNewClosure()
        """);

    [Parameter(ParameterSetName = "Type", Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public Type? Type { get; set; }

    [Parameter(ParameterSetName = "InputObject", Mandatory = true)]
    [ValidateNotNull]
    public object? InputObject { get; set; }

    [Parameter(ParameterSetName = "Type")]
    public object[]? ArgumentList { get; set; }

    [Parameter]
    public Hashtable Properties { get; set; } = [];

    /// <summary>Script blocks by method name; in a property of that name behind <see cref="MethodHistoryPrefix"/> are its calls.</summary>
    [Parameter]
    public Hashtable Methods { get; set; } = [];

    [Parameter]
    public string MethodHistoryPrefix { get; set; } = "_";

    protected override void EndProcessing()
    {
        var mock = PSObject.AsPSObject(InputObject ?? Create());
        foreach (DictionaryEntry property in Properties)
            Set(mock, $"{property.Key}", property.Value);
        foreach (DictionaryEntry method in Methods)
        {
            var history = $"{MethodHistoryPrefix}{method.Key}";
            Set(mock, history, new List<object>());
            var body = (ScriptBlock)this.Call(Recorder, history, method.Value)[0].BaseObject;
            mock.Methods.Add(new PSScriptMethod($"{method.Key}", body));
        }
        WriteObject(mock);
    }

    private object Create() => ArgumentList is null
        ? RuntimeHelpers.GetUninitializedObject(Type!)
        : Activator.CreateInstance(Type!, Array.ConvertAll(ArgumentList, argument => (argument as PSObject)?.BaseObject ?? argument))!;

    private static void Set(PSObject mock, string name, object? value)
    {
        if (mock.Properties[name] is not null)
            mock.Properties.Remove(name);
        mock.Properties.Add(new PSNoteProperty(name, value));
    }
}
