namespace Allspark.Host.Console;

/// <summary>One line at the foot of a terminal with the latest progress, as pwsh's minimal view.</summary>
internal sealed class ProgressLine
{
    private static readonly long MinimumTicks = TimeSpan.FromMilliseconds(100).Ticks;

    private bool shown;
    private long lastTicks;

    public void Show(long sourceId, ProgressRecord record, int width)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }
        var now = DateTime.UtcNow.Ticks;
        if (shown && now - lastTicks < MinimumTicks)
            return;
        lastTicks = now;
        var style = PSStyle.Instance.Progress;
        var room = Math.Clamp(width - 1, 20, Math.Max(20, style.MaxWidth));
        var text = record.PercentComplete >= 0
            ? $" {record.StatusDescription} {record.PercentComplete}%"
            : $" {record.StatusDescription}";
        var inner = Fit($"{record.Activity} [{text}", room - 2).PadRight(room - 2);
        var filled = record.PercentComplete > 0 ? inner.Length * Math.Min(record.PercentComplete, 100) / 100 : 0;
        System.Console.Out.Write($"\r\e[2K{style.Style}\e[7m{inner[..filled]}\e[27m{inner[filled..]}]\e[0m");
        shown = true;
    }

    public void Clear()
    {
        if (!shown)
            return;
        shown = false;
        System.Console.Out.Write("\r\e[2K");
    }

    private static string Fit(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
