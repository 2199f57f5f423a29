#Requires -Version 7.6
<#
.SYNOPSIS
    Reproduces the published comparison: vision Transformers on the reference array under all schemes, against a V100, with an ablation.
.DESCRIPTION
    Prints a table of each, with geometric means, logs every measurement as a run to headline.db, and draws headline-speedup,
    headline-breakdown and headline-capacity (latency against the memory of a node) as SVG, HTML and CSV.
    The published figures are 1.2× to 24.0× over the baselines, and 2.3× the speed and 20× to 55× less energy than a V100 on average.
    What differs from them and why is in docs/validation.md.
.EXAMPLE
    ./allspark Scripts/Reproduce-Headline.ps1
.EXAMPLE
    ./allspark Scripts/Reproduce-Headline.ps1 -Array stack-8x8 -OutDir results
#>
[CmdletBinding()]
param(
    # The networks; wildcards are allowed.
    [string[]] $Model = @(
        'swin_t', 'swin_s', 'swin_b', 'swin_l', 'cswin_t', 'cswin_s', 'cswin_b', 'twins_svt_s', 'twins_svt_b', 'twins_svt_l'
        'pcpvt_s', 'pcpvt_b', 'pcpvt_l', 'pvt_s', 'pvt_m', 'pvt_l', 'deit_s', 'vit_b_16'
    ),

    # The networks of the ablation and of the capacity sweep.
    [string[]] $Studied = @('swin_t', 'swin_b', 'cswin_s', 'vit_b_16'),

    # The array: a preset, or a YAML file.
    [string] $Array = 'stack-16x16',

    # The folder for the run store and the charts.
    [string] $OutDir = '.'
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot .. Allspark.psd1)

$null = New-Item -ItemType Directory -Force $OutDir
$log = @{ LogTo = Join-Path $OutDir headline.db; Experiment = 'headline' }
$machine = $Array -like '*.yaml' ? (New-PimArray -Path $Array) : (New-PimArray -Preset $Array)
$baselines = 'WholeBranch', 'TokenParallel', 'TensorParallel', 'LayerPipeline'
$batched, $single = 'V100 (batched throughput)', 'V100 (single image)'

function Get-GeometricMean([double[]] $Number) {
    if ($Number) { [Math]::Exp(($Number | ForEach-Object { [Math]::Log($_) } | Measure-Object -Average).Average) }
}

# The same schedule with the windows of every attention phase scattered over its groups.
function Get-ScatteredSchedule($Schedule) {
    $file = Join-Path ([System.IO.Path]::GetTempPath()) "scattered-$PID.json"
    try {
        $Schedule | Export-AllsparkSchedule $file -Force
        $document = Get-Content -Raw $file | ConvertFrom-Json
        $random = [Random]::new(1)
        foreach ($i in 0..($document.phases.Count - 1)) {
            $slots = [int[]] $Schedule.Phases[$i].Placement.WindowSlots
            if ($slots.Count -gt 1) {
                $random.Shuffle($slots)
                $document.phases[$i] | Add-Member windows $slots -Force
            }
        }
        $document | ConvertTo-Json -Depth 9 | Set-Content $file
        Import-AllsparkSchedule $file -Workload $Schedule.Workload
    }
    finally {
        Remove-Item $file -ErrorAction SilentlyContinue
    }
}

function Format-Factor($Number) {
    if ($Number) { '{0:F2}' -f $Number }
}

'1. All schemes'
$measurements = Get-DnnModel $Model |
    Split-VitWorkload -Array $machine -Scheme (@('Allspark') + $baselines) |
    Invoke-AllsparkSchedule |
    Measure-PimInference @log
$comparisons = $measurements | Compare-PimInference -Reference ($baselines + 'V100') -ErrorAction SilentlyContinue

function Get-Comparison([string] $Of, [string] $Reference) {
    $comparisons | Where-Object { $_.Model -eq $Of -and $_.Reference -eq $Reference }
}

$rows = foreach ($own in $measurements | Where-Object Scheme -EQ Allspark) {
    $row = [ordered]@{
        Model = $own.Model.Name
        ms    = '{0:F3}' -f ($own.LatencySeconds * 1e3)
        mJ    = '{0:F2}' -f ($own.EnergyJoules * 1e3)
    }
    foreach ($reference in $baselines + $batched + $single) { $row[$reference] = Format-Factor (Get-Comparison $own.Model.Name $reference).Speedup }
    $row['V100 energy'] = Format-Factor (Get-Comparison $own.Model.Name $batched).EnergyRatio
    [pscustomobject] $row
}
$means = [ordered]@{ Model = 'geometric mean'; ms = ''; mJ = '' }
foreach ($reference in $baselines + $batched + $single) {
    $means[$reference] = Format-Factor (Get-GeometricMean ($comparisons | Where-Object Reference -EQ $reference).Speedup)
}
$means['V100 energy'] = Format-Factor (Get-GeometricMean ($comparisons | Where-Object Reference -EQ $batched).EnergyRatio)
$right = @{ Align = 'Right' }
@($rows) + [pscustomobject] $means | Format-Table -AutoSize @(
    'Model'
    @{ Label = 'ms'; Expression = 'ms' } + $right
    @{ Label = 'mJ'; Expression = 'mJ' } + $right
    @{ Label = '×Whole'; Expression = 'WholeBranch' } + $right
    @{ Label = '×Token'; Expression = 'TokenParallel' } + $right
    @{ Label = '×Tensor'; Expression = 'TensorParallel' } + $right
    @{ Label = '×Layer'; Expression = 'LayerPipeline' } + $right
    @{ Label = '×V100'; Expression = $batched } + $right
    @{ Label = '×V100₁'; Expression = $single } + $right
    @{ Label = '/V100 J'; Expression = 'V100 energy' } + $right
)

$speedups = ($comparisons | Where-Object Reference -In $baselines).Speedup | Measure-Object -Minimum -Maximum
"Over the baselines: $(Format-Factor $speedups.Minimum)× to $(Format-Factor $speedups.Maximum)× (published: 1.2× to 24.0×)."
"Over the V100: $($means[$batched])× in batches, $($means[$single])× image by image (published: 2.3×); energy $($means['V100 energy'])× less (published: 20× to 55×)."
$comparisons.Caveat | Where-Object { $_ } | Select-Object -Unique
''

'2. Ablation: latency over that of the full method'
$variants = [ordered]@{
    'no finer split'  = @{ Forbid = '*=split' }
    'no sharing'      = @{ Forbid = '*=shared' }
    'no interleaving' = @{ Forbid = '*=interleaved' }
    'Greedy'          = @{ Solver = 'Greedy' }
}
Get-DnnModel $Studied | ForEach-Object {
    $workload = $_ | Split-VitWorkload -Array $machine
    $best = $workload | Invoke-AllsparkSchedule
    $full = ($best | Measure-PimInference @log).LatencySeconds
    $row = [ordered]@{ Model = $_.Name }
    foreach ($name in $variants.Keys) {
        $variant = $variants[$name]
        $schedule = $workload | Invoke-AllsparkSchedule @variant -ErrorAction SilentlyContinue
        $row[$name] = $schedule ? (Format-Factor (($schedule | Measure-PimInference @log).LatencySeconds / $full)) : 'does not fit'
    }
    $row['no layout'] = Format-Factor ((Get-ScatteredSchedule $best | Measure-PimInference @log).LatencySeconds / $full)
    [pscustomobject] $row
} | Format-Table -AutoSize

'3. Memory of a node: latency in ms, from everything replicated to streamed'
$sizes = 32, 16, 8, 4, 2, 1, 0.5 | ForEach-Object { $_ * 1MB }
$sweep = foreach ($size in $sizes) {
    $sized = $machine | ForEach-Object { New-PimArray -Rows $_.Rows -Columns $_.Columns -BasedOn $_ -NodeMemoryBytes $size -Name "$($_.Name)-$($size / 1MB)MiB" }
    Get-DnnModel $Studied | Split-VitWorkload -Array $sized | Invoke-AllsparkSchedule -ErrorAction SilentlyContinue | Measure-PimInference @log
}
$sweep | Group-Object { $_.Model.Name } | ForEach-Object {
    $row = [ordered]@{ Model = $_.Name }
    foreach ($size in $sizes) {
        $point = $_.Group | Where-Object { $_.Array.Node.MemoryBytes -eq $size }
        $row["$($size / 1MB) MiB"] = $point ? ('{0:F3}' -f ($point.LatencySeconds * 1e3)) : '-'
    }
    [pscustomobject] $row
} | Format-Table -AutoSize

$formats = 'svg', 'html', 'csv'
$charts = @(
    $comparisons | Export-AllsparkChart Speedup ($formats | ForEach-Object { Join-Path $OutDir "headline-speedup.$_" }) -PassThru -Force
    $measurements | Where-Object { $_.Model.Name -in $Studied } |
        Export-AllsparkChart Breakdown ($formats | ForEach-Object { Join-Path $OutDir "headline-breakdown.$_" }) -PassThru -Force
    $sweep | Export-AllsparkChart Scaling ($formats | ForEach-Object { Join-Path $OutDir "headline-capacity.$_" }) -PassThru -Force
)

"$(@(Get-AllsparkRun $log.LogTo).Count) runs in $(Resolve-Path $log.LogTo)"
$charts | ForEach-Object { "chart in $($_.FullName)" }
