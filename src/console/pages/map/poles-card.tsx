import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Table } from '../../components/table.tsx'
import { percent } from '../../text.ts'

type Component = Schemas['MovieMap']['components'][number]
const shownCount = 5

/** What the components are about: the movies at either end of each. */
export function PolesCard({ components }: { components: readonly Component[] }) {
  return (
    <Card
      title="What the components are about"
      note="The movies farthest out on either side say what tells them apart."
    >
      <Table
        caption="The ends of the components"
        columns={[
          { title: 'Component', value: ({ number }) => number, isHeader: true },
          {
            title: 'Of the variance',
            value: ({ component }) => component.explained,
            show: ({ component }) => percent(component.explained, 1),
            isNumber: true,
          },
          {
            title: 'Lowest',
            value: () => null,
            show: ({ component }) => <Ends movies={component.lowest} />,
          },
          {
            title: 'Highest',
            value: () => null,
            show: ({ component }) => <Ends movies={component.highest} />,
          },
        ]}
        rows={components.map((component, i) => ({ component, number: i + 1 }))}
        keyOf={({ number }) => number}
      />
    </Card>
  )
}

function Ends({ movies }: { movies: Component['lowest'] }) {
  return (
    <ul class="ends">
      {movies.slice(0, shownCount).map((movie) => (
        <li key={movie.movieId}>
          <MovieLink movie={movie} />
        </li>
      ))}
    </ul>
  )
}
