using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("FhirMyeloma.Store.Tests.Postgres.SkippingFramework", "FhirMyeloma.Store.Tests")]

namespace FhirMyeloma.Store.Tests.Postgres;

/// <summary>Tests that are reported as skipped where there is no server, those that they inherit included.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>xunit as it is, but that whole classes can be skipped: a fact cannot know which class inherits it.</summary>
public sealed class SkippingFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) => new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messages) : XunitTestFrameworkExecutor(assembly, sources, messages)
    {
        private static readonly MethodInfo _skip = typeof(TestMethodTestCase).GetProperty(nameof(TestMethodTestCase.SkipReason))!.GetSetMethod(nonPublic: true)!;

        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            var all = testCases.ToList();
            if (PostgresDatabases.Missing is { } missing)
            {
                foreach (var testCase in all.Where(static one => one.TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any()))
                {
                    _ = testCase.SkipReason;
                    _skip.Invoke(testCase, [missing]);
                }
            }

            base.RunTestCases(all, executionMessageSink, executionOptions);
        }
    }
}
