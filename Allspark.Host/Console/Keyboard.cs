using System.Text;

namespace Allspark.Host.Console;

/// <summary>Answers typed at the terminal while a pipeline waits for them; Ctrl+C stops that pipeline.</summary>
internal sealed class Keyboard
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>What Ctrl+C does besides ending the question.</summary>
    public Action Interrupt { get; set; } = () => { };

    /// <summary>Whether what asks has been stopped.</summary>
    public Func<bool> IsStopping { get; set; } = () => false;

    /// <summary>The next key. Ctrl+C is a key like any other where it is asked for.</summary>
    public ConsoleKeyInfo Key(bool intercept, bool allowInterrupt = false)
    {
        System.Console.TreatControlCAsInput = true;
        try
        {
            // Ctrl+C may have come as a signal just before it became a key.
            while (!System.Console.IsInputRedirected && !System.Console.KeyAvailable)
            {
                if (IsStopping())
                    throw new PipelineStoppedException();
                Thread.Sleep(Interval);
            }
            var key = System.Console.ReadKey(intercept: true);
            if (!allowInterrupt && key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
            {
                System.Console.Out.WriteLine("^C");
                Interrupt();
                throw new PipelineStoppedException();
            }
            if (!intercept && !char.IsControl(key.KeyChar))
                System.Console.Out.Write(key.KeyChar);
            return key;
        }
        finally
        {
            System.Console.TreatControlCAsInput = false;
        }
    }

    /// <summary>A line, shown as it is typed or as stars; null when the input has ended.</summary>
    public string? Line(bool secret = false)
    {
        if (System.Console.IsInputRedirected || System.Console.IsOutputRedirected)
            return System.Console.In.ReadLine();
        var line = new StringBuilder();
        while (true)
        {
            var key = Key(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    System.Console.Out.WriteLine();
                    return line.ToString();
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && line.Length == 0:
                    System.Console.Out.WriteLine();
                    return null;
                case ConsoleKey.Backspace when line.Length > 0:
                    Erase(secret ? 1 : CellWidth.Of(line[^1]));
                    line.Length--;
                    break;
                default:
                    if (char.IsControl(key.KeyChar))
                        break;
                    line.Append(key.KeyChar);
                    System.Console.Out.Write(secret ? '*' : key.KeyChar);
                    break;
            }
        }
    }

    private static void Erase(int cells)
    {
        for (var i = 0; i < cells; i++)
            System.Console.Out.Write("\b \b");
    }
}
