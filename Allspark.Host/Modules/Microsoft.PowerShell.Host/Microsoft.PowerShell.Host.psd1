@{
    ModuleVersion = '7.0.0.0'
    GUID = '56d66100-99a0-4ffc-a12d-eee9a6718aef'
    CompatiblePSEditions = 'Core'
    NestedModules = '../../Allspark.Host.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Start-Transcript'
        'Stop-Transcript'
    )
}
