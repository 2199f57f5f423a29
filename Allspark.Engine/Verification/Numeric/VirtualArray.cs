namespace Allspark.Engine.Verification.Numeric;

/// <summary>The nodes of an array, each with a memory of its own. What is wanted and not there is a finding, and zeros.</summary>
internal sealed class VirtualArray
{
    private readonly NodeMemory[] _nodes;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Phase, int Node, string Tensor), NumericFinding> _findings = [];
    private readonly Dictionary<(string Phase, int Node, string What), SortedSet<int>> _missingTokens = [];

    public VirtualArray(int nodes) => _nodes = [.. Enumerable.Range(0, nodes).Select(node => new NodeMemory(node))];

    public NodeMemory this[int node] => _nodes[node];

    /// <summary>One finding for each phase, node and tensor, in the order of nodes; what a node lacks of the tokens is one.</summary>
    public IReadOnlyList<NumericFinding> TakeFindings()
    {
        lock (_gate)
        {
            NumericFinding[] findings =
            [
                .. _findings.Values.Concat(_missingTokens.Select(static entry => Missing(entry.Key, entry.Value)))
                    .OrderBy(finding => finding.Node).ThenBy(finding => finding.Tensor, StringComparer.Ordinal)
                    .ThenBy(finding => finding.Message, StringComparer.Ordinal),
            ];
            _findings.Clear();
            _missingTokens.Clear();
            return findings;
        }
    }

    /// <summary>Notes a finding; the first of a node and tensor is kept.</summary>
    public void Report(string phase, int node, string tensor, string message)
    {
        lock (_gate)
            _findings.TryAdd((phase, node, tensor), new NumericFinding(phase, node, tensor, message));
    }

    /// <summary>Notes that a node wants a token that it does not have.</summary>
    public void ReportToken(string phase, int node, int token, string what)
    {
        lock (_gate)
        {
            if (!_missingTokens.TryGetValue((phase, node, what), out var tokens))
                _missingTokens.Add((phase, node, what), tokens = []);
            tokens.Add(token);
        }
    }

    private static NumericFinding Missing((string Phase, int Node, string What) key, SortedSet<int> tokens)
    {
        var others = tokens.Count > 1 ? $", nor {tokens.Count - 1} others" : "";
        return new NumericFinding(
            key.Phase, key.Node, $"token {tokens.Min}", $"Node {key.Node} {key.What} token {tokens.Min} and does not have it{others}.");
    }

    /// <summary>Moves tokens that the phase before made, adding up partial sums of one token; what is left there is forgotten.</summary>
    public void Deliver(string phase, IEnumerable<TokenMove> moves)
    {
        foreach (var (token, source, target) in moves)
        {
            if (_nodes[source].Outputs.TryGetValue(token, out var values))
            {
                _nodes[target].Receive(token, values);
                if (_nodes[source].CarriedOutputs.TryGetValue(token, out var carried))
                    _nodes[target].Carried[token] = carried;
            }
            else
                ReportToken(phase, source, token, $"is to send to node {target}");
        }
    }

    /// <summary>Copies tokens between neighbours, of the phase's inputs or of its outputs.</summary>
    public void Copy(string phase, IEnumerable<TokenMove> moves, Func<NodeMemory, Dictionary<int, ReadOnlyMemory<float>>> of)
    {
        var copies = new List<(int Target, int Token, ReadOnlyMemory<float> Values)>();
        foreach (var (token, source, target) in moves)
        {
            if (of(_nodes[source]).TryGetValue(token, out var values))
                copies.Add((target, token, values));
            else
                ReportToken(phase, source, token, $"is to copy to node {target}");
        }

        foreach (var (target, token, values) in copies)
            of(_nodes[target])[token] = values;
    }

    /// <summary>Every member of a ring gets what the others have of the split matrices.</summary>
    public void GatherWeights(IReadOnlyList<int> ring, PhaseTensors tensors)
    {
        if (ring.Count < 2)
            return;
        foreach (var tensor in tensors.Split)
        {
            var all = new RangeSet();
            foreach (var node in ring)
            {
                if (_nodes[node].Weights.TryGetValue(tensor, out var held))
                {
                    foreach (var range in held.Ranges)
                        all.Add(range);
                }
            }

            foreach (var node in ring)
            {
                foreach (var range in all.Ranges)
                    _nodes[node].Hold(tensor, range);
            }
        }
    }

    /// <summary>Ends a phase: what it read is forgotten.</summary>
    public void EndPhase()
    {
        foreach (var node in _nodes)
            node.EndPhase();
    }

    /// <summary>Puts what is carried with a token before its channels, where the next phase reads both as one.</summary>
    public void JoinCarried()
    {
        foreach (var node in _nodes)
        {
            foreach (var (token, carried) in node.CarriedOutputs)
            {
                if (node.Outputs.TryGetValue(token, out var values))
                    node.Outputs[token] = (float[])[.. carried.Span, .. values.Span];
            }

            node.CarriedOutputs.Clear();
        }
    }

    /// <summary>Forgets the outputs of the phase before, once they have moved on.</summary>
    public void ClearOutputs()
    {
        foreach (var node in _nodes)
        {
            node.Outputs.Clear();
            node.CarriedOutputs.Clear();
        }
    }
}
