/**
 * Does a job again and again.
 * @param {number} repetitions
 * @param {() => Promise<number> | number} job gives how many items it had
 * @returns {Promise<{ items: number, times: number[] }>} nanoseconds of each repetition
 */
export async function repeat(repetitions, job) {
  const times = []
  let items = 0
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now()
    items = await job()
    times.push((performance.now() - start) * 1e6)
  }
  return { items, times }
}
