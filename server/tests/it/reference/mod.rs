//! An independent reference model of the yield figures.
//!
//! Written from the definitions (version 1) and the contract alone, with plain loops over plain
//! vectors, as an oracle for the answers of the product. A [`facts::Factory`] is the data, a
//! [`query::Query`] the query; [`figures::answer`], [`rty::rty`], [`pareto::pareto`] and
//! [`explain::explain`] evaluate it; [`generate`] generates random factories and queries, and
//! [`lines::delivery`] serializes a factory for an upload.
//!
//! # Readings
//!
//! Ambiguities of the two documents, and their interpretation here. A unit below is a unit in one
//! operation, as in "runs of a unit in one operation".
//!
//! Which runs there are
//!
//! 1. "drop golden and reference units, voided runs, runs from the future and SKIP runs, each with
//!    its reason counted": a run has one reason, the first that holds in this order: golden,
//!    reference, voided, future, skipped, and then aborted, which the sentence on
//!    `aborted=excluded` puts into the same step.
//! 2. "Time stamps more than a day ahead", relative to `as_of`: future is
//!    `started_at > as_of + 24 h`; exactly a day ahead is not.
//! 3. "all their later runs up to `as_of`", "a PASS has come by `as_of`": runs are either from the
//!    future or up to `as_of`; one that is ahead by a day or less has happened, and counts here as
//!    it does for run 1 and under report. `to` does not bound later runs.
//! 4. "*first-attempt-of-day* does not count it as an attempt": without the parameter `aborted`
//!    these runs are left out before the day's first is chosen and counted as `aborted` among the
//!    excluded, as under `aborted=excluded`; the two differ in nothing but the metrics of reading
//!    17. `counted` keeps them.
//! 5. "first-run and report count an aborted run as not passed": without the parameter they are
//!    kept, as under `counted`; `excluded` drops them before numbering, so run 2 may become run 1.
//! 6. "by (started_at, identity …)": equal starts are ordered by the bytes of the identity. Dropped
//!    runs have no number.
//!
//! Which of them count
//!
//! 7. "the units whose run 1 matches every filter and lies in [from, to)": every filter is held
//!    against run 1 alone. An absent attribute matches no value.
//! 8. "choose each unit-day's first attempt first, then filter": a unit-day is unit, operation and
//!    the site's day, and the window is one of the filters: where the day's first attempt is before
//!    a `from` at noon, the day counts nothing.
//! 9. "a date meaning that site's midnight": the first instant of the site's date, also where
//!    clocks skip midnight.
//!
//! Groups and what is excluded
//!
//! 10. "A group exists for every key among the runs in the window that match the filters": dropped
//!     runs too, and under every definition. Without `group_by` there is one group even where
//!     nothing ran.
//! 11. "order by key, null last": by bytes, capitals before small letters. Weeks are of ISO 8601
//!     with its year.
//! 12. "`excluded` counts runs in the window that match the filters": under the key of the run
//!     itself; a reason that does not occur is left out.
//! 13. "the two first-run reasons count units": as n does, units in one operation; one counts in
//!     every group where step 1 left it a run in the window that matches the filters while its run 1
//!     is not counted there. A unit whose runs there were all dropped counts under their reasons
//!     only. Both reasons exist under first-run only.
//! 14. Which of the two: `first-run-before-window` where run 1 is before `from`, whatever its
//!     attributes; otherwise `first-run-elsewhere`: run 1 does not match the filters, or is counted
//!     in another group ("A retest-only station has n = 0 under first-run: explain it"). The window
//!     is that of the query: grouped by day, a retest on the next day is `first-run-elsewhere`.
//! 15. So a group of an attribute is what its key gives as a filter, and parts of `excluded` of
//!     these two reasons need not add up to the whole's.
//!
//! Metrics
//!
//! 16. "`metrics` other than dpmo and ppm are always those of first-run, … keyed by run 1": their
//!     population is that of reading 7 also where another definition is asked for, so they may be
//!     there in a group with n = 0, and be null in one with n > 0.
//! 17. "under the same `aborted`": the parameter as it was given. Where it was not, first-run's own
//!     default holds (counted), also beside first-attempt-of-day.
//! 18. "Retest ratio": (runs − units)/units over the population's whole histories; "retested units"
//!     is a fraction. "Last run passed" is of the last run that step 1 keeps.
//! 19. "An NTF episode starts at a FAIL … and ends at its next PASS there": later FAILs before the
//!     PASS belong to it. It needs not be of first-run's population: one that opens at run 3 in the
//!     window counts, one that opened before the window does not. Filtered and keyed by the first
//!     FAIL's attributes and start.
//! 20. "no repair of the unit from the first FAIL to that PASS": of the unit, whatever operation;
//!     `first FAIL.started_at ≤ at ≤ PASS.started_at`, both ends within.
//! 21. "the same product and revision": every FAIL of the episode and its PASS agree; absent equals
//!     absent. ERROR, TIMEOUT and aborted runs between do not matter.
//! 22. "unchanged limits on the measurements that had failed": in any FAIL of the episode; the
//!     PASS has a measurement of that name in a step of that name with the same low, high,
//!     comparison and checks. One that was not taken again was not shown to have the same limits:
//!     not cleared.
//! 23. "10⁶·D/O": null where O = 0. A series counts by its elements, not once more for itself. "PASS/
//!     FAIL diagnosis": those of the kind diagnosis whose outcome is not unknown; defects, errors
//!     and symptoms are no opportunities, and D counts only opportunities. `ppm` is null at n = 0.
//!
//! RTY
//!
//! 24. "over the operations seen for the product in the window": those that `group_by=operation`
//!     would list with the same filters (reading 10). One in which all runs were dropped has n = 0
//!     and makes RTY null. No operation at all is null too.
//! 25. The figures are first-run's under every definition; `aborted` applies if it is given.
//! 26. The interval exists where RTY does; every k = 0 goes by the sentence on k = 0, and where
//!     k = n the formula is left as it is, clipped.
//! 27. "units whose first run in the earliest operation is in the window": the unit's own earliest
//!     among the listed operations, that is the earliest of its run 1s; this run also matches the
//!     filters, the others need not, nor lie in the window. A unit here is a serial.
//! 28. "no repair before the last of these": `at` < the start of its last run 1; also a repair
//!     before the unit's first run.
//!
//! Pareto
//!
//! 29. "the counted runs of the definition that did not pass": also ERROR, TIMEOUT and aborted
//!     ones, with the code `error` or `unspecified` where nothing failed by name. `group_by` and
//!     `interval` change nothing.
//! 30. "count units and runs": a unit here is a serial, so under first-run one that failed in two
//!     operations is one unit and two runs.
//! 31. "under `by=step|component` a run counts once for each failing one": a step whose status is
//!     `fail` (not `error`), or that has none and a measurement that failed, once though its name
//!     repeat; a component that a failing measurement,
//!     diagnosis or defect names. A run without any makes no row and still counts in n_runs; share
//!     is of n_runs, so shares may add up to less or more than one.
//!
//! Explain
//!
//! 32. "units in, units out with reason": ungrouped, under the definition asked for. In are those
//!     with a counted run; out are those with a run in the window that matches the filters but none
//!     that counts, under every reason that these runs have. Under first-attempt-of-day a unit can
//!     be out without a reason of the list (reading 8). "the figure under each definition": each
//!     under the parameter `aborted` as given.
#![allow(dead_code)] // the tests of the product use a part of it

pub mod calendar;
pub mod explain;
pub mod facts;
pub mod figures;
pub mod generate;
pub mod histories;
pub mod interval;
pub mod lines;
pub mod metrics;
pub mod pareto;
pub mod query;
pub mod rty;
mod tests;
