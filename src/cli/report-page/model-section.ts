import type { ErrorBucket, ModelReport } from '../../model/report.ts'
import { bucketChart, rangeOf } from './bucket-chart.ts'
import { figure } from './frame.ts'
import { hexChart } from './hex-chart.ts'
import { type Html, html } from './html.ts'
import { type Curve, keyOf, lineChart } from './line-chart.ts'
import { tableOf } from './table.ts'

/** All pictures of one model; those that it has nothing for are left out. */
export function modelSection(name: string, report: ModelReport): Html {
  const { errorByUserRatings, errorByMovieRatings, tensors } = report
  const sizeBytes = tensors.reduce((sum, tensor) => sum + tensor.sizeBytes, 0)
  return html`<section><h2>${name}</h2>
<div class="figures">
${[
  ...losses(report),
  ...rates(report),
  ...predictedVsActual(report),
  ...errors('user', errorByUserRatings),
  ...errors('movie', errorByMovieRatings),
]}
</div>
<h3>Tensors</h3>
<p>${tensors.length} tensors, ${sizeBytes.toLocaleString('en')} bytes.</p>
${tableOf({
  heads: ['name', 'type', 'shape', 'bytes'],
  rows: tensors.map(({ name, dtype, shape, sizeBytes }) => {
    return [name, dtype, shape.join(' × '), sizeBytes]
  }),
})}
</section>`
}

function losses({ losses }: ModelReport): Html[] {
  if (losses.length === 0) return []
  const trained = losses.map(({ epoch, trainMse }) => ({ x: epoch, y: trainMse }))
  const heldOut = losses.flatMap(({ epoch, validMse }) =>
    validMse === null ? [] : [{ x: epoch, y: validMse }],
  )
  const curves: Curve[] = [{ kind: 'first', name: 'training', points: trained }]
  if (heldOut.length > 0) curves.push({ kind: 'second', name: 'held-out', points: heldOut })
  return [
    figure(
      'Loss',
      keyOf(curves),
      lineChart('Mean squared error after each epoch', 'epoch', curves),
      {
        heads: ['epoch', 'training MSE', 'held-out MSE'],
        rows: losses.map(({ epoch, trainMse, validMse }) => [epoch, trainMse, validMse]),
      },
    ),
  ]
}

function rates({ rates }: ModelReport): Html[] {
  if (rates.length === 0) return []
  const curve = (name: string, y: (rate: (typeof rates)[number]) => number): Curve[] => [
    { kind: 'first', name, points: rates.map((rate) => ({ x: rate.step, y: y(rate) })) },
  ]
  const learningRate = curve('learning rate', (rate) => rate.learningRate)
  const momentum = curve('momentum', (rate) => rate.momentum)
  const caption = html`Of each step, on its way through the schedule.`
  return [
    figure(
      'Learning rate',
      caption,
      lineChart('Learning rate of each step', 'step', learningRate),
      {
        heads: ['step', 'learning rate'],
        rows: rates.map((rate) => [rate.step, rate.learningRate]),
      },
    ),
    figure('Momentum', caption, lineChart('Momentum of each step', 'step', momentum), {
      heads: ['step', 'momentum'],
      rows: rates.map((rate) => [rate.step, rate.momentum]),
    }),
  ]
}

function predictedVsActual({ predictedVsActual }: ModelReport): Html[] {
  const { rows, bins } = predictedVsActual
  if (rows === 0) return []
  const caption = html`${rows.toLocaleString('en')} held-out ratings; on the dashed line they are predicted right.`
  return [
    figure('Predicted against actual', caption, hexChart(predictedVsActual), {
      heads: ['actual', 'predicted', 'ratings'],
      rows: bins.map(({ actual, predicted, count }) => [actual, predicted, count]),
    }),
  ]
}

function errors(side: 'user' | 'movie', buckets: readonly ErrorBucket[]): Html[] {
  if (buckets.length === 0) return []
  const heading = `RMSE by ratings of the ${side}`
  const caption = html`Held-out ratings by how many training ratings their ${side} had; 0 was never trained.`
  return [
    figure(heading, caption, bucketChart(heading, buckets), {
      heads: ['training ratings', 'RMSE', 'rows'],
      rows: buckets.map((bucket) => [rangeOf(bucket), bucket.rmse, bucket.rows]),
    }),
  ]
}
