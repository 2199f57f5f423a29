@{
    RootModule        = '../../Allspark.Host.dll'
    ModuleVersion     = '5.9.0'
    GUID              = '6c2d8a5e-7c39-4c40-9d0f-2b3f3f2f9c11'
    Author            = 'Allspark contributors'
    CompanyName       = 'Allspark'
    Copyright         = 'Allspark contributors. MIT License.'
    Description       = 'Runs Pester 5 tests in the embedded PowerShell host. Where pwsh and Pester are installed, use those.'
    PowerShellVersion = '7.0'
    FunctionsToExport = @()
    VariablesToExport = @()
    CmdletsToExport   = @(
        'Invoke-Pester', 'New-PesterConfiguration', 'New-PesterContainer', 'Set-ItResult', 'Add-PesterDescribe', 'Add-PesterContext'
        'Add-PesterTest', 'Add-PesterBeforeAll', 'Add-PesterBeforeEach', 'Add-PesterAfterEach', 'Add-PesterAfterAll'
        'Invoke-PesterBeforeDiscovery', 'Invoke-InModuleScope', 'Add-PesterMock', 'Assert-PesterShould'
        'New-MockObject', 'Assert-MockCalled', 'Assert-VerifiableMock', 'Export-NUnitReport', 'Export-JUnitReport'
        'ConvertTo-NUnitReport', 'ConvertTo-JUnitReport', 'Add-ShouldOperator', 'Get-ShouldOperator'
    )
    AliasesToExport   = @(
        'Describe', 'Context', 'It', 'BeforeAll', 'BeforeEach', 'AfterEach', 'AfterAll', 'BeforeDiscovery', 'InModuleScope', 'Mock', 'Should'
        'Add-AssertionOperator', 'Get-AssertionOperator'
    )
}
