namespace Allspark.Engine.Simulation.Network;

/// <summary>Nodes that sleep until a cycle. A turn of the wheel is shorter than the longest sleep: who is not due stays for another.</summary>
internal sealed class WakeWheel
{
    private const int Slots = 1024;

    private readonly int[] first = new int[Slots];
    private readonly int[] next;
    private readonly int[] due;

    public WakeWheel(int nodes)
    {
        next = new int[nodes];
        due = new int[nodes];
        Array.Fill(first, -1);
    }

    public void Sleep(int node, int until)
    {
        due[node] = until;
        Link(node, until & (Slots - 1));
    }

    /// <summary>Moves the nodes that are due into the set.</summary>
    public void Wake(int now, ActiveSet awake)
    {
        var slot = now & (Slots - 1);
        var node = first[slot];
        first[slot] = -1;
        while (node >= 0)
        {
            var following = next[node];
            if (due[node] == now)
                awake.Add(node);
            else
                Link(node, slot);
            node = following;
        }
    }

    private void Link(int node, int slot)
    {
        next[node] = first[slot];
        first[slot] = node;
    }
}
