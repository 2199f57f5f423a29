#Requires -Version 7.6
<#
.SYNOPSIS
    Schedules and measures five vision Transformers on a stacked-DRAM PIM array, against four baselines and a V100.
.DESCRIPTION
    Prints one table, logs every measurement as a run to runs.db, and draws speedup.svg, speedup.html and speedup.csv.
.EXAMPLE
    ./allspark Scripts/Quickstart.ps1
.EXAMPLE
    ./allspark Scripts/Quickstart.ps1 -Model swin_t, vit_l_16 -Array stack-8x8 -OutDir results
#>
[CmdletBinding()]
param(
    # The networks; wildcards are allowed.
    [string[]] $Model = @('swin_t', 'swin_s', 'swin_b', 'deit_s', 'vit_b_16'),

    # The array: a preset, or a YAML file.
    [string] $Array = 'stack-16x16',

    # The folder for the run store and the charts.
    [string] $OutDir = '.'
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot .. Allspark.psd1)

$null = New-Item -ItemType Directory -Force $OutDir
$store = Join-Path $OutDir runs.db
$machine = $Array -like '*.yaml' ? (New-PimArray -Path $Array) : (New-PimArray -Preset $Array)
$baselines = 'WholeBranch', 'TokenParallel', 'TensorParallel', 'LayerPipeline'

$measurements = Get-DnnModel $Model |
    Split-VitWorkload -Array $machine -Scheme (@('Allspark') + $baselines) |
    Invoke-AllsparkSchedule |
    Measure-PimInference -LogTo $store -Experiment quickstart

$comparisons = $measurements | Compare-PimInference -Reference ($baselines + 'V100') -ErrorAction SilentlyContinue

function Get-Speedup($Measurement, [string] $Reference) {
    $comparison = $comparisons | Where-Object { $_.Model -eq $Measurement.Model.Name -and $_.Reference -eq $Reference }
    if ($comparison) { '{0:F2}' -f $comparison.Speedup }
}

$measurements | Where-Object Scheme -EQ Allspark | Format-Table @(
    @{ Label = 'Model'; Expression = { $_.Model.Name } }
    @{ Label = 'GMACs'; Expression = { $_.Model.Macs / 1e9 }; FormatString = 'F2'; Align = 'Right' }
    @{ Label = 'ms'; Expression = { $_.LatencySeconds * 1e3 }; FormatString = 'F3'; Align = 'Right' }
    @{ Label = 'mJ'; Expression = { $_.EnergyJoules * 1e3 }; FormatString = 'F2'; Align = 'Right' }
    @{ Label = 'Util %'; Expression = { $_.Utilization * 100 }; FormatString = 'F1'; Align = 'Right' }
    @{ Label = '×Whole'; Expression = { Get-Speedup $_ WholeBranch }; Align = 'Right' }
    @{ Label = '×Token'; Expression = { Get-Speedup $_ TokenParallel }; Align = 'Right' }
    @{ Label = '×Tensor'; Expression = { Get-Speedup $_ TensorParallel }; Align = 'Right' }
    @{ Label = '×Layer'; Expression = { Get-Speedup $_ LayerPipeline }; Align = 'Right' }
    @{ Label = '×V100'; Expression = { Get-Speedup $_ 'V100 (batched throughput)' }; Align = 'Right' }
    @{ Label = '×V100₁'; Expression = { Get-Speedup $_ 'V100 (single image)' }; Align = 'Right' }
) -AutoSize

@"
ms, mJ   latency and energy of one inference on $($machine.Name); Util % of the array's peak
×        how many times faster than WholeBranch, TokenParallel, TensorParallel and LayerPipeline on the same array,
         and than a V100 in batches (V100) and image by image (V100₁, where published)
"@
$comparisons.Caveat | Where-Object { $_ } | Select-Object -Unique | ForEach-Object { "V100     $_" }
''

$charts = $comparisons | Export-AllsparkChart -Kind Speedup -PassThru -Force -Path @(
    'svg', 'html', 'csv' | ForEach-Object { Join-Path $OutDir "speedup.$_" }
)

$logged = @($measurements.RunId | Select-Object -Unique).Count
"$logged runs in $(Resolve-Path $store)"
$charts | ForEach-Object { "chart in $($_.FullName)" }
