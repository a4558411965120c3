import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Chart } from '../../components/charts/chart.tsx'
import { api } from '../../state/session.ts'

type Losses = Schemas['ModelReport']['losses']

/** The losses of two trainings over each other. */
export function Curves({ first, second }: { first: Losses; second: Losses }) {
  const epochs = [...new Set([...first, ...second].map(({ epoch }) => epoch))].sort((x, y) => x - y)
  const along = (losses: Losses, of: (loss: Losses[number]) => number | null) => {
    const found = new Map(losses.map((loss) => [loss.epoch, of(loss)]))
    return epochs.map((epoch) => found.get(epoch) ?? null)
  }
  const trained = ({ trainMse }: Losses[number]) => trainMse
  const heldOut = ({ validMse }: Losses[number]) => validMse
  return (
    <Chart
      title="Loss of both"
      note="Mean squared error after each epoch, of “bayes” each sweep; dashed on the ratings it was fitted to."
      x={{ label: 'epoch', values: epochs }}
      series={[
        { label: 'a, held out', values: along(first, heldOut), tone: 2 },
        { label: 'b, held out', values: along(second, heldOut), tone: 1 },
        { label: 'a, training', values: along(first, trained), tone: 2, isDashed: true },
        { label: 'b, training', values: along(second, trained), tone: 1, isDashed: true },
      ]}
    />
  )
}

/** The loss of each epoch of a model. */
export async function lossesOf(version: string, signal: AbortSignal): Promise<Losses> {
  const path = { version }
  const { losses } = await dataOf(
    api.GET('/v1/models/{version}/report', { params: { path }, signal }),
  )
  return losses
}
