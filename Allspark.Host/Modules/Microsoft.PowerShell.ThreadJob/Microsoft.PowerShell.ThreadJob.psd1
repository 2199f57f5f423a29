@{
    ModuleVersion = '7.0.0.0'
    GUID = 'e00a8e15-d42d-4a78-8525-1ae1b0c7a839'
    CompatiblePSEditions = 'Core'
    NestedModules = '../../Allspark.Host.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Start-ThreadJob'
    )
}
