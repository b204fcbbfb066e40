using System.Text;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>Jobs: what was accepted is done by one worker at a time, also after the worker died.</summary>
public abstract class JobContract : StoreContract
{
    private Task<Job> AcceptAsync(string request = "{}", string? centre = Alcala) => Store.Jobs.AcceptAsync(centre, JobKind.Bundle, Encoding.UTF8.GetBytes(request), "body"u8.ToArray());

    [Fact]
    public async Task An_accepted_job_is_there_after_a_restart()
    {
        var job = await AcceptAsync("""{"a":1}""");
        Reopen();
        var found = Store.Jobs.Find(job.Id)!;
        Assert.Equal((JobState.Waiting, JobKind.Bundle, Alcala), (found.State, found.Kind, found.Centre));
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(found.Request.Span));
        Assert.Equal("body", Encoding.UTF8.GetString(Store.Jobs.Body(found).Span));
    }

    [Fact]
    public async Task A_job_is_taken_by_one_and_in_order()
    {
        var (first, second) = (await AcceptAsync(), await AcceptAsync());
        Assert.True(Store.Jobs.AreWaiting());
        Assert.Equal(first.Id, (await Store.Jobs.TakeAsync())!.Id);
        Assert.Equal(second.Id, (await Store.Jobs.TakeAsync())!.Id);
        Assert.Null(await Store.Jobs.TakeAsync());
        Assert.False(Store.Jobs.AreWaiting());
    }

    [Fact]
    public async Task A_job_whose_worker_died_is_taken_over_once_its_lease_is_out()
    {
        var job = await AcceptAsync();
        await Store.Jobs.TakeAsync();
        Clock.Now += JobTable.Lease - TimeSpan.FromSeconds(1);
        Assert.True(await Store.Jobs.StepAsync(job, 3, 10));
        Clock.Now += JobTable.Lease - TimeSpan.FromSeconds(1);
        Assert.Null(await Store.Jobs.TakeAsync());
        Clock.Now += TimeSpan.FromSeconds(2);
        var taken = (await Store.Jobs.TakeAsync())!;
        Assert.Equal((job.Id, 3, 10), (taken.Id, taken.Done, taken.Total));
    }

    [Fact]
    public async Task A_job_that_is_handed_back_is_taken_at_once()
    {
        var job = await AcceptAsync();
        await Store.Jobs.ReleaseAsync((await Store.Jobs.TakeAsync())!);
        Assert.Equal(job.Id, (await Store.Jobs.TakeAsync())!.Id);
    }

    [Fact]
    public async Task An_ended_job_has_its_result_and_is_not_taken_again()
    {
        var job = (await AcceptAsync(), await Store.Jobs.TakeAsync()).Item1;
        await Store.Jobs.EndAsync(job, JobState.Done, "result"u8.ToArray());
        var found = Store.Jobs.Find(job.Id)!;
        Assert.Equal((JobState.Done, "result"), (found.State, Encoding.UTF8.GetString(found.Result.Span)));
        Assert.True(Store.Jobs.Body(found).IsEmpty);
        Clock.Now += TimeSpan.FromDays(1);
        Assert.Null(await Store.Jobs.TakeAsync());
    }

    [Fact]
    public async Task A_cancelled_job_tells_its_worker_at_the_next_step()
    {
        var job = (await AcceptAsync(), await Store.Jobs.TakeAsync()).Item1;
        Assert.True(await Store.Jobs.CancelAsync(job.Id));
        Assert.False(await Store.Jobs.StepAsync(job, 1, 2));
        await Store.Jobs.EndAsync(job, JobState.Done, default);
        Assert.Equal(JobState.Cancelled, Store.Jobs.Find(job.Id)!.State);
    }

    [Fact]
    public async Task A_job_that_waits_or_is_over_is_gone_once_cancelled()
    {
        var job = await AcceptAsync();
        Assert.True(await Store.Jobs.CancelAsync(job.Id));
        Assert.Null(Store.Jobs.Find(job.Id));
        Assert.False(await Store.Jobs.CancelAsync(job.Id));
    }

    [Fact]
    public async Task A_centre_lists_its_own_jobs_newest_first()
    {
        var (first, _, third) = (await AcceptAsync(), await AcceptAsync(centre: Vitoria), await AcceptAsync());
        await AcceptAsync(centre: null);
        Assert.Equal([third.Id, first.Id], Store.Jobs.List(Alcala, 10).Select(static job => job.Id), StringComparer.Ordinal);
        Assert.Single(Store.Jobs.List(null, 10));
    }

    [Fact]
    public async Task A_result_is_forgotten_after_a_week_and_work_never()
    {
        var (over, waiting) = (await AcceptAsync(), await AcceptAsync());
        await Store.Jobs.EndAsync(over, JobState.Done, default);
        Clock.Now += JobTable.Remembered + TimeSpan.FromMinutes(1);
        await AcceptAsync();
        Assert.Null(Store.Jobs.Find(over.Id));
        Assert.NotNull(Store.Jobs.Find(waiting.Id));
    }
}
