// Benchmark contestants: each has the same million runs and the same task. When the selected
// stations change, compute n and passed by day, by station, by failure code and by duration bin,
// each under every filter but its own (crossfilter).

const STATIONS = 200;

/** The explorer, in WebAssembly. */
async function explorer() {
  // An empty import object: instantiation fails if the library has imports.
  const { instance } = await WebAssembly.instantiate(
    await (await fetch("/explore.wasm")).arrayBuffer(),
    {},
  );
  const wasm = instance.exports;
  wasm.make();
  const rows = wasm.ready();
  const numbers = (at, length) => new Uint32Array(wasm.memory.buffer, at, length);
  const column = (which) => numbers(wasm.column(which), rows).slice();
  const chosenAt = wasm.chosen();
  const data = {
    rows,
    day: Uint8Array.from(column(0)),
    station: Uint8Array.from(column(1)),
    code: Uint8Array.from(column(2)),
    bin: Uint8Array.from(column(3)),
    n: Uint8Array.from(column(4)),
    passed: Uint8Array.from(column(5)),
    values: [0, 1, 2, 3].map((chart) => wasm.values(chart)),
  };
  return {
    data,
    contestant: {
      name: "explorer (wasm)",
      load: () => wasm.ready(),
      choose(stations) {
        const chosen = new Uint8Array(wasm.memory.buffer, chosenAt, STATIONS);
        chosen.fill(0);
        for (const station of stations) chosen[station] = 1;
        wasm.select();
        return [0, 1, 2, 3].map((chart) => {
          const at = wasm.counts(chart);
          return numbers(at, 2 * data.values[chart]).slice();
        });
      },
    },
  };
}

const flags = (stations) => {
  const chosen = new Uint8Array(STATIONS);
  for (const station of stations) chosen[station] = 1;
  return chosen;
};

/** Plain typed arrays, full scan per update. */
function scan({ rows, day, station, code, bin, n, passed, values }) {
  return {
    name: "typed arrays, scan",
    load() {},
    choose(stations) {
      const chosen = flags(stations);
      const [byDay, byStation, byCode, byBin] = values.map((length) => new Uint32Array(2 * length));
      for (let row = 0; row < rows; row++) {
        const at = 2 * station[row];
        byStation[at] += n[row];
        byStation[at + 1] += passed[row];
        if (chosen[station[row]]) {
          byDay[2 * day[row]] += n[row];
          byDay[2 * day[row] + 1] += passed[row];
          byCode[2 * code[row]] += n[row];
          byCode[2 * code[row] + 1] += passed[row];
          byBin[2 * bin[row]] += n[row];
          byBin[2 * bin[row] + 1] += passed[row];
        }
      }
      return [byDay, byStation, byCode, byBin];
    },
  };
}

/** Plain typed arrays sorted by station, incremental update. */
function delta({ rows, day, station, code, bin, n, passed, values }) {
  let starts, before, counts;
  return {
    name: "typed arrays, delta",
    load() {
      starts = new Uint32Array(STATIONS + 1);
      before = new Uint8Array(STATIONS);
      counts = values.map((length) => new Int32Array(2 * length));
      for (let row = 0; row < rows; row++) {
        starts[station[row] + 1]++;
        counts[1][2 * station[row]] += n[row];
        counts[1][2 * station[row] + 1] += passed[row];
      }
      for (let place = 0; place < STATIONS; place++) starts[place + 1] += starts[place];
    },
    choose(stations) {
      const now = flags(stations);
      const [byDay, , byCode, byBin] = counts;
      for (let place = 0; place < STATIONS; place++) {
        if (now[place] === before[place]) continue;
        const sign = now[place] ? 1 : -1;
        for (let row = starts[place]; row < starts[place + 1]; row++) {
          const counted = sign * n[row];
          const good = sign * passed[row];
          byDay[2 * day[row]] += counted;
          byDay[2 * day[row] + 1] += good;
          byCode[2 * code[row]] += counted;
          byCode[2 * code[row] + 1] += good;
          byBin[2 * bin[row]] += counted;
          byBin[2 * bin[row] + 1] += good;
        }
      }
      before = now;
      return counts;
    },
  };
}

/** crossfilter2. */
function crossfiltered({ rows, day, station, code, bin, n, passed, values }) {
  let byStation, groups;
  return {
    name: "crossfilter2",
    load() {
      const records = Array.from({ length: rows }, (_, row) => ({
        day: day[row],
        station: station[row],
        code: code[row],
        bin: bin[row],
        n: n[row],
        passed: passed[row],
      }));
      const all = globalThis.crossfilter(records);
      byStation = all.dimension((run) => run.station);
      const dimensions = [
        all.dimension((run) => run.day),
        byStation,
        all.dimension((run) => run.code),
        all.dimension((run) => run.bin),
      ];
      groups = dimensions.map((dimension) =>
        dimension.group().reduce(
          (of, run) => ((of.n += run.n), (of.passed += run.passed), of),
          (of, run) => ((of.n -= run.n), (of.passed -= run.passed), of),
          () => ({ n: 0, passed: 0 }),
        ),
      );
    },
    choose(stations) {
      const chosen = flags(stations);
      byStation.filterFunction((station) => chosen[station] === 1);
      return groups.map((group, chart) => {
        const counts = new Uint32Array(2 * values[chart]);
        for (const { key, value } of group.all()) counts.set([value.n, value.passed], 2 * key);
        return counts;
      });
    },
  };
}

/** arquero. */
function arquero({ day, station, code, bin, n, passed, values }) {
  const { aq } = globalThis;
  let all;
  return {
    name: "arquero",
    load() {
      all = aq.table({ day, station, code, bin, n, passed });
    },
    choose(stations) {
      const chosen = flags(stations);
      const some = all.params({ chosen }).filter((run, $) => $.chosen[run.station] === 1);
      return ["day", "station", "code", "bin"].map((by, chart) => {
        const counts = new Uint32Array(2 * values[chart]);
        (by === "station" ? all : some)
          .groupby(by)
          .rollup({ n: aq.op.sum("n"), passed: aq.op.sum("passed") })
          .scan((row, table) => {
            const of = (name) => table[name].at(row);
            counts.set([of("n"), of("passed")], 2 * of(by));
          });
        return counts;
      });
    },
  };
}

/** duckdb-wasm, with threads if the browser supports them. */
async function duckdb({ day, station, code, bin, n, passed, values }) {
  const duck = await import("/node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser.mjs");
  const arrow = await import("apache-arrow");
  const at = (name) => new URL(`/node_modules/@duckdb/duckdb-wasm/dist/${name}`, location.href).href;
  const threads = globalThis.crossOriginIsolated;
  const kind = threads ? "coi" : "eh";
  let connection;
  return {
    name: `duckdb-wasm (${kind})`,
    async load() {
      const worker = new Worker(at(`duckdb-browser-${kind}.worker.js`));
      const database = new duck.AsyncDuckDB(new duck.VoidLogger(), worker);
      await database.instantiate(
        at(`duckdb-${kind}.wasm`),
        threads ? at("duckdb-browser-coi.pthread.worker.js") : null,
      );
      connection = await database.connect();
      const table = arrow.tableFromArrays({ day, station, code, bin, n, passed });
      await connection.insertArrowTable(table, { name: "run" });
    },
    async choose(stations) {
      const where = `where station in (${[...stations].join(",") || "-1"})`;
      const asked = ["day", "station", "code", "bin"].map(async (by, chart) => {
        const answer = await connection.query(
          `select ${by}::int as at, sum(n)::int as n, sum(passed)::int as passed from run ${
            by === "station" ? "" : where
          } group by 1`,
        );
        const counts = new Uint32Array(2 * values[chart]);
        const [places, ns, good] = ["at", "n", "passed"].map((name) => answer.getChild(name).toArray());
        for (let row = 0; row < places.length; row++) counts.set([ns[row], good[row]], 2 * places[row]);
        return counts;
      });
      return Promise.all(asked);
    },
  };
}

/** Marsaglia's xorshift generator. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

const some = (many, throwDice) => {
  const all = Array.from({ length: STATIONS }, (_, station) => station);
  return Array.from({ length: many }, () => all.splice(throwDice(all.length), 1)[0]);
};

/** Runs all rounds; returns the durations in milliseconds by contestant. */
globalThis.bench = async (rounds) => {
  const { data, contestant } = await explorer();
  const contestants = [
    contestant,
    scan(data),
    delta(data),
    crossfiltered(data),
    arquero(data),
    await duckdb(data),
  ];
  const took = contestants.map(({ name }) => ({ name, load: [], subset: [], one: [] }));
  const timed = async (work, list, times = 1) => {
    const began = performance.now();
    let result;
    for (let time = 0; time < times; time++) result = await work(time);
    list.push((performance.now() - began) / times);
    return result;
  };
  for (const [which, { load }] of contestants.entries()) await timed(load, took[which].load);
  const throwDice = dice(88172645);
  for (let round = -3; round < rounds; round++) {
    const subset = some(60, throwDice);
    const toggled = throwDice(STATIONS);
    const without = subset.filter((station) => station !== toggled);
    const both = [without, [...without, toggled]];
    const counted = round >= 0;
    let expected;
    for (const [which, { name, choose }] of contestants.entries()) {
      const lists = counted ? took[which] : { subset: [], one: [] };
      const told = await timed(() => choose(subset), lists.subset);
      const answer = told.map((counts) => Array.from(counts).join());
      expected ??= answer;
      for (const [chart, counts] of answer.entries()) {
        if (counts !== expected[chart]) throw new Error(`${name} counts otherwise in chart ${chart}`);
      }
      // A single call is below the resolution of the clock.
      await choose(both[1]);
      const times = name.startsWith("explorer") || name.includes("delta") ? 50 : 2;
      await timed((time) => choose(both[time % 2]), lists.one, times);
    }
  }
  return took;
};
globalThis.isReady = true;
