if (-not (Test-Path -LiteralPath (Join-Path $PSScriptRoot .. module Allspark.PowerShell.dll))) {
    throw "Allspark is not built yet. Run '$(Join-Path (Split-Path $PSScriptRoot) ($IsWindows ? 'allspark.cmd' : 'allspark')) -Prepare' once, then import it again."
}
