$library = Join-Path $PSScriptRoot module Allspark.PowerShell.dll
if (-not (Test-Path -LiteralPath $library)) {
    throw "Allspark is not built yet. Run '$(Join-Path $PSScriptRoot ($IsWindows ? 'allspark.cmd' : 'allspark')) -Prepare' once, then import it again."
}
Import-Module ([WildcardPattern]::Escape($library))
