@{
    ModuleVersion = '7.0.0.0'
    GUID = '1859d168-673d-4687-91ce-f79e4b9dd327'
    CompatiblePSEditions = 'Core'
    NestedModules = '../../Allspark.Host.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'ConvertFrom-SecureString'
        'ConvertTo-SecureString'
        'Get-Credential'
        'Get-ExecutionPolicy'
        'Set-ExecutionPolicy'
    )
}
