/** Shows every component in every state: `/admin#components` in development, photographed by a test. */
import type { JSX } from 'preact';
import { Badge } from '../page/badge.tsx';
import { Button } from '../page/button.tsx';
import { Copied } from '../page/copy.tsx';
import { Field } from '../page/field.tsx';
import { Empty, Fold, Lead } from '../page/lead.tsx';
import { Menu } from '../page/menu.tsx';
import { PlotFrame } from '../page/plot-frame.tsx';
import { useQuestion } from '../page/question.tsx';
import { Table } from '../page/table.tsx';
import { Tabs } from '../page/tabs.tsx';
import { useToast } from '../page/toast.tsx';
import { WordMark } from '../page/word-mark.tsx';

export function Components(): JSX.Element {
  return (
    <div class="components" lang="en">
      <section class="card">
        <h3>Word mark</h3>
        <WordMark />
      </section>
      <Buttons />
      <section class="card">
        <h3>Badges</h3>
        <p class="row">
          <Badge>plain</Badge>
          <Badge tone="good">good</Badge>
          <Badge tone="warn">warn</Badge>
          <Badge tone="bad">bad</Badge>
        </p>
      </section>
      <Fields />
      <Leads />
      <Tables />
      <Tabs
        label="Tabs"
        tabs={[
          { name: 'one', title: 'First', panel: () => <p>The first panel</p> },
          { name: 'two', title: 'Second', panel: () => <p>The second panel</p> },
        ]}
      />
      <Fold title="Figures, folded" open>
        <p>What is folded.</p>
      </Fold>
      <PlotFrame
        title="A plot without data"
        empty="No data yet"
        legend={<span class="key--accent">comments</span>}
        table={null}
      >
        {null}
      </PlotFrame>
      <Copied title="A text to copy" text="lar_example_key" copy="Copy" copied="Copied" />
      <Menu title="Menu">
        <Button>First</Button>
        <Button>Second</Button>
      </Menu>
    </div>
  );
}

function Leads(): JSX.Element {
  return (
    <>
      <Lead actions={<Button kind="primary">Review</Button>}>
        <p>
          <b>A sentence that says how things are.</b>
        </p>
        <p>A recommendation that says what to do.</p>
      </Lead>
      <Lead tone="good">
        <p>Good news.</p>
      </Lead>
      <Lead tone="warn">
        <p>Something to look at.</p>
      </Lead>
      <Lead tone="bad">
        <p>Something is wrong.</p>
      </Lead>
    </>
  );
}

function Tables(): JSX.Element {
  return (
    <>
      <Table
        caption="A table, or cards on a phone"
        head={['Name', 'State', 'Action']}
        rows={[
          [<bdi>news.example</bdi>, <Badge tone="good">active</Badge>, <Button>Edit</Button>],
          [
            <bdi>a-long-name-without-any-place-to-break-it.example</bdi>,
            <Badge>off</Badge>,
            <Button>Edit</Button>,
          ],
        ]}
        empty={null}
      />
      <Table caption="An empty table" head={['Name']} rows={[]} empty={<Empty title="No keys yet" />} />
    </>
  );
}

function Buttons(): JSX.Element {
  const ask = useQuestion();
  const tell = useToast();
  return (
    <section class="card">
      <h3>Buttons, question, toast</h3>
      <p class="row">
        <Button>Default</Button>
        <Button kind="primary">Primary</Button>
        <Button kind="danger">Danger</Button>
        <Button kind="quiet">Quiet</Button>
        <Button busy>Busy</Button>
        <Button
          onClick={() =>
            void ask({ title: 'Revoke the key?', consequence: <p>Used 4 minutes ago.</p>, confirm: 'Revoke' })
          }
        >
          Ask
        </Button>
        <Button onClick={() => tell({ text: 'The rule was removed.', undo: () => Promise.resolve() })}>
          Tell
        </Button>
      </p>
    </section>
  );
}

function Fields(): JSX.Element {
  return (
    <section class="card">
      <h3>Fields</h3>
      <Field label="A text" hint="What it means.">
        {(control) => <input {...control} defaultValue="news.example" />}
      </Field>
      <Field label="A wrong number" error="Enter a number from 0 to 20.">
        {(control) => <input {...control} defaultValue="900" />}
      </Field>
      <Field label="A choice">
        {(control) => (
          <select {...control}>
            <option>never</option>
          </select>
        )}
      </Field>
      <Field label="A switch" tick hint="What it does.">
        {(control) => <input {...control} type="checkbox" defaultChecked />}
      </Field>
    </section>
  );
}
