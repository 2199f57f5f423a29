using System.Management.Automation.Host;

namespace Allspark.Host.Console;

/// <summary>The terminal as <c>$Host.UI.RawUI</c>; 80 columns where there is none.</summary>
internal sealed class ConsoleRawInterface(Keyboard keyboard) : PSHostRawUserInterface
{
    private static readonly Size NoTerminal = new(80, 25);

    private readonly bool hasTerminal = !(System.Console.IsInputRedirected && System.Console.IsOutputRedirected);
    private string title = "";

    public override ConsoleColor ForegroundColor
    {
        get => hasTerminal && Enum.IsDefined(System.Console.ForegroundColor) ? System.Console.ForegroundColor : ConsoleColor.Gray;
        set => System.Console.ForegroundColor = value;
    }

    public override ConsoleColor BackgroundColor
    {
        get => hasTerminal && Enum.IsDefined(System.Console.BackgroundColor) ? System.Console.BackgroundColor : ConsoleColor.Black;
        set => System.Console.BackgroundColor = value;
    }

    public override Coordinates CursorPosition
    {
        get
        {
            if (System.Console.IsInputRedirected || System.Console.IsOutputRedirected)
                return new Coordinates(0, 0);
            var (left, top) = System.Console.GetCursorPosition();
            return new Coordinates(left, top);
        }
        set
        {
            if (!System.Console.IsOutputRedirected)
                System.Console.SetCursorPosition(value.X, value.Y);
        }
    }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 100;

    public override Size BufferSize
    {
        get => WindowSize;
        set => throw new PSNotSupportedException();
    }

    public override Size WindowSize
    {
        get
        {
            // A terminal may not know its size (0 by 0).
            if (!hasTerminal || System.Console.WindowWidth is not (var width and > 0))
                return NoTerminal;
            return new Size(width, Math.Max(System.Console.WindowHeight, 1));
        }
        set => throw new PSNotSupportedException();
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override bool KeyAvailable => !System.Console.IsInputRedirected && System.Console.KeyAvailable;

    public override string WindowTitle
    {
        get => title;
        set
        {
            title = value ?? "";
            if (!System.Console.IsOutputRedirected)
                System.Console.Out.Write($"\e]0;{title}\a");
        }
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!options.HasFlag(ReadKeyOptions.IncludeKeyDown) && !options.HasFlag(ReadKeyOptions.IncludeKeyUp))
            throw new PSArgumentException("Either IncludeKeyDown, IncludeKeyUp or both must be set.", nameof(options));
        var key = keyboard.Key(options.HasFlag(ReadKeyOptions.NoEcho), options.HasFlag(ReadKeyOptions.AllowCtrlC));
        ControlKeyStates states = default;
        if (key.Modifiers.HasFlag(ConsoleModifiers.Alt))
            states |= ControlKeyStates.LeftAltPressed;
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
            states |= ControlKeyStates.LeftCtrlPressed;
        if (key.Modifiers.HasFlag(ConsoleModifiers.Shift))
            states |= ControlKeyStates.ShiftPressed;
        return new KeyInfo((int)key.Key, key.KeyChar, states, options.HasFlag(ReadKeyOptions.IncludeKeyDown));
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
            System.Console.ReadKey(intercept: true);
    }

    /// <summary>Filling the whole window with blanks clears it, which is all that <c>Clear-Host</c> asks for.</summary>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (!System.Console.IsOutputRedirected && rectangle is { Left: -1, Top: -1 } && fill.Character == ' ')
            System.Console.Clear();
    }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new PSNotSupportedException();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new PSNotSupportedException();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw new PSNotSupportedException();
}
