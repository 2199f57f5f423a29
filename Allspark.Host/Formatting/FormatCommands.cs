using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Shows objects as a table.</summary>
[Cmdlet(VerbsCommon.Format, "Table", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096703")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineFormatting.UseShape(this, Shape.Table);
}

/// <summary>Shows the properties of objects one below the other.</summary>
[Cmdlet(VerbsCommon.Format, "List", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096928")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineFormatting.UseShape(this, Shape.List);
}

/// <summary>Shows one property of each object, in columns.</summary>
[Cmdlet(VerbsCommon.Format, "Wide", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096930")]
public sealed class FormatWideCommand : OuterFormatShapeCommandBase
{
    private bool? autoSize;
    private int? column;

    public FormatWideCommand() => EngineFormatting.UseShape(this, Shape.Wide);

    [Parameter(Position = 0)]
    public object? Property { get; set; }

    [Parameter]
    public SwitchParameter AutoSize
    {
        get => autoSize ?? false;
        set => autoSize = value;
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Column
    {
        get => column ?? -1;
        set => column = value;
    }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (autoSize == true && column is not null)
        {
            ThrowTerminatingError(new ErrorRecord(new InvalidDataException(), "FormatCannotSpecifyAutosizeAndColumns",
                ErrorCategory.InvalidArgument, targetObject: null)
            {
                ErrorDetails = new ErrorDetails("Cannot process command because both the AutoSize and Column parameters are specified. " +
                    "Specify only one of the two."),
            });
        }
        EngineFormatting.UseWide(this, Property, autoSize, column);
    }
}

/// <summary>Shows objects with their members and those of the members, down to a depth.</summary>
[Cmdlet(VerbsCommon.Format, "Custom", HelpUri = "https://go.microsoft.com/fwlink/?LinkID=2096929")]
public sealed class FormatCustomCommand : OuterFormatShapeCommandBase
{
    private const int DefaultDepth = 5;

    public FormatCustomCommand() => EngineFormatting.UseShape(this, Shape.Complex);

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = DefaultDepth;

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        EngineFormatting.UseComplex(this, Property, Depth);
    }
}
