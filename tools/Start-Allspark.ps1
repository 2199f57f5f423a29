#Requires -Version 7.6
<#
.SYNOPSIS
    What the launchers run first: builds the module if it is stale, imports it, and runs a script as 'pwsh -File' would.
.NOTES
    'pwsh -File' itself ends with exit code 0 when it is interrupted.
#>
param(
    # A script and its arguments, as they stand on the command line.
    [object[]] $Line,
    # Only build.
    [switch] $Prepare
)

$root = Split-Path $PSScriptRoot
# It builds the module itself, and must find it unloaded.
$builds = $Line -and (Resolve-Path -LiteralPath $Line[0] -ErrorAction Ignore).ProviderPath -eq (Join-Path $root build.ps1)

if (-not $builds) {
    try {
        & (Join-Path $PSScriptRoot Update-Module.ps1)
    }
    catch {
        [Console]::Error.WriteLine("allspark: $_")
        [Environment]::Exit(1)
    }
    if ($Prepare) { return }
    Import-Module ([WildcardPattern]::Escape((Join-Path $root Allspark.psd1))) -Global
}
if (-not $Line) { return }

if (-not (Test-Path -LiteralPath $Line[0] -PathType Leaf)) {
    [Console]::Error.WriteLine("allspark: there is no script '$($Line[0])'.")
    [Environment]::Exit(64)
}
# pwsh has parsed the line: names are texts with a dash, and '-Name:$true' has become a name and a truth value. All else is a value, whatever
# it looks like.
$call = for ($i = 1; $i -lt $Line.Count; $i++) {
    $name = $Line[$i] -is [string] -and $Line[$i] -match '^-[A-Za-z_]\w*$'
    if ($name -and $i + 1 -lt $Line.Count -and $Line[$i + 1] -is [bool]) {
        '{0}:$Line[{1}]' -f $Line[$i], ++$i
    }
    else {
        $name ? $Line[$i] : '$Line[{0}]' -f $i
    }
}
# The script sees none of this one's variables.
Get-Variable Line, Prepare, root, builds, call, name, i -ErrorAction Ignore | ForEach-Object { $_.Options = 'Private' }
. ([scriptblock]::Create("& (Convert-Path -LiteralPath `$Line[0]) $call; exit (`$? ? 0 : `$LASTEXITCODE)"))
