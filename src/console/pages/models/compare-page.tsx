import { Link } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Badge } from '../../components/figures.tsx'
import { Card, Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { count, fixed, time } from '../../text.ts'
import { Curves, lossesOf } from './both-curves.tsx'
import { settingText } from './setting-text.ts'

type Comparison = Schemas['ModelComparison']
type Side = Comparison['a']
type Setting = Comparison['settings'][number]

/** Two models side by side: what differs in their figures, settings and data, and their curves. */
export function ComparePage({ a, b }: { a: string; b: string }) {
  const comparison = useAnswer([a, b], (signal) => {
    const path = { version: a, other: b }
    return dataOf(api.GET('/v1/models/{version}/compare/{other}', { params: { path }, signal }))
  })
  const losses = useAnswer([a, b], (signal) =>
    Promise.all([lossesOf(a, signal), lossesOf(b, signal)]),
  )
  return (
    <Page
      title="Two models"
      lead="Model b beside model a; nothing is measured anew."
      actions={
        <>
          <Link href={`/models/${b}/compare/${a}`}>Swap them</Link>
          <Link href="/models">All models</Link>
        </>
      }
    >
      <div class="grid">
        <Answered answer={comparison}>
          {(told) => (
            <>
              <FiguresCard comparison={told} />
              <GateCard comparison={told} />
            </>
          )}
        </Answered>
        <Card isWide>
          <Answered answer={losses}>
            {([first, second]) =>
              first.length + second.length === 0 ? (
                <Empty title="No curves">Neither of the two has them.</Empty>
              ) : (
                <Curves first={first} second={second} />
              )
            }
          </Answered>
        </Card>
        {comparison.data && <SettingsCard settings={comparison.data.settings} />}
      </div>
    </Page>
  )
}

type Figure = {
  readonly name: string
  readonly a: number | null
  readonly b: number | null
  /** Which direction is the good one; 0 where neither is. */
  readonly good: -1 | 0 | 1
  readonly digits: number
}

function figuresOf({ a, b, data }: Comparison): Figure[] {
  const figure = (
    name: string,
    of: (side: Side) => number | null | undefined,
    good: Figure['good'],
    digits: number,
  ): Figure => ({ name, a: of(a) ?? null, b: of(b) ?? null, good, digits })
  return [
    figure('RMSE', ({ metrics }) => metrics?.rmse, -1, 4),
    figure('MAE', ({ metrics }) => metrics?.mae, -1, 4),
    figure('NDCG@10', ({ rankingMetrics }) => rankingMetrics?.['ndcg@10'], 1, 4),
    figure('Recall@10', ({ rankingMetrics }) => rankingMetrics?.['recall@10'], 1, 4),
    figure('Hit@10', ({ rankingMetrics }) => rankingMetrics?.['hit@10'], 1, 4),
    { name: 'Ratings', a: a.ratings, b: a.ratings + data.ratings, good: 0, digits: 0 },
  ]
}

function FiguresCard({ comparison }: { comparison: Comparison }) {
  const { a, b, comparable, reason, data } = comparison
  const number = (value: number | null, digits: number) =>
    digits === 0 ? count(value) : fixed(value, digits)
  const columns: Column<Figure>[] = [
    { title: 'Figure', value: ({ name }) => name, isHeader: true },
    {
      title: 'a',
      value: (row) => row.a,
      show: (row) => number(row.a, row.digits),
      isNumber: true,
    },
    {
      title: 'b',
      value: (row) => row.b,
      show: (row) => number(row.b, row.digits),
      isNumber: true,
    },
    {
      title: 'b less a',
      value: (row) => differenceOf(row),
      show: (row) => <Difference row={row} />,
      isNumber: true,
    },
  ]
  return (
    <Card title="Figures">
      <dl class="facts">
        {[a, b].map((side, i) => (
          <Side side={side} name={i === 0 ? 'a' : 'b'} key={i === 0 ? 'a' : 'b'} />
        ))}
      </dl>
      <p class="fine">
        <Badge tone={comparable ? 'good' : 'warn'}>
          {comparable ? 'comparable' : 'not comparable'}
        </Badge>{' '}
        {reason}
      </p>
      <Table
        caption="Figures of both models"
        columns={columns}
        rows={figuresOf(comparison)}
        keyOf={({ name }) => name}
      />
      <p class="fine">
        {data.same
          ? 'Both were trained from the same imports and events.'
          : `Model b was trained from ${signed(data.users, 0)} users and ${signed(data.movies, 0)} movies.`}
      </p>
    </Card>
  )
}

function Side({ side, name }: { side: Side; name: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Link href={`/models/${side.version}`}>
          <code>{side.version}</code>
        </Link>{' '}
        {side.serving && <Badge tone="good">serves</Badge>}
        <br />
        <span class="fine">{time(side.createdAt)}</span>
      </dd>
    </>
  )
}

function differenceOf({ a, b }: Figure): number | null {
  return a === null || b === null ? null : b - a
}

function Difference({ row }: { row: Figure }) {
  const difference = differenceOf(row)
  if (difference === null) return <>–</>
  const text = signed(difference, row.digits)
  if (row.good === 0 || difference === 0) return <>{text}</>
  const isGood = Math.sign(difference) === row.good
  return (
    <span class={isGood ? 'better' : 'worse'}>
      {text} {isGood ? 'better' : 'worse'}
    </span>
  )
}

function GateCard({ comparison: { gate } }: { comparison: Comparison }) {
  if (gate === null) return null
  const { comparison, candidate } = gate
  const ndcg = comparison['ndcg@10']
  const rows = [
    { name: 'RMSE', ...comparison.rmse },
    ...(ndcg ? [{ name: 'NDCG@10', ...ndcg }] : []),
  ]
  const column = (title: string, of: (row: (typeof rows)[number]) => number) => ({
    title,
    value: of,
    show: (row: (typeof rows)[number]) => fixed(of(row)),
    isNumber: true,
  })
  return (
    <Card
      title="What the gate measured"
      note={`When ${candidate} was to take the place of the other: its figures beside those of a fit of the other’s settings to the same ${count(comparison.rows)} held-out ratings. It may be worse by ${fixed(comparison.rmse.tolerance)}.`}
    >
      <Table
        caption="What the gate measured"
        columns={[
          { title: 'Figure', value: ({ name }) => name, isHeader: true },
          column('New', ({ candidate }) => candidate),
          column('Served', ({ serving }) => serving),
          {
            title: 'Difference',
            value: ({ difference }) => difference,
            show: ({ difference }) => signed(difference, 4),
            isNumber: true,
          },
          {
            title: '98 % lie in',
            value: ({ low }) => low,
            show: ({ low, high }) => `${signed(low, 4)} … ${signed(high, 4)}`,
            isNumber: true,
          },
        ]}
        rows={rows}
        keyOf={({ name }) => name}
      />
    </Card>
  )
}

function SettingsCard({ settings }: { settings: readonly Setting[] }) {
  return (
    <Card title="Settings that differ" isWide>
      {settings.length === 0 ? (
        <Empty title="None">Both were asked for with the same settings.</Empty>
      ) : (
        <Table
          caption="Settings that differ"
          columns={[
            {
              title: 'Setting',
              value: ({ name }) => name,
              show: ({ name }) => <code>{name}</code>,
              isHeader: true,
            },
            { title: 'a', value: (setting) => settingText(setting.a) },
            { title: 'b', value: (setting) => settingText(setting.b) },
          ]}
          rows={settings}
          keyOf={({ name }) => name}
          isSortable
        />
      )}
    </Card>
  )
}

function signed(value: number, digits: number): string {
  if (value === 0) return '0'
  const size = digits === 0 ? count(Math.abs(value)) : Math.abs(value).toFixed(digits)
  return `${value < 0 ? '−' : '+'}${size}`
}
