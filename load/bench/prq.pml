/*
 * The bench protocol in Promela: page request queue detach against interrupt thread, workers and the exit of the
 * process. One d_step is one step of the explorer's world, so states and transitions are the same numbers (Spin counts
 * one transition more, to the first state). Sizes: -DN= groups of two requests, -DP= PASIDs, -DR= ring slots (1 to 4),
 * -DW= workers. The correct drain. `spin -a -o2`: without -o2 Spin drops variables that are only written.
 */
#ifndef N
#define N 4
#define P 2
#define R 3
#define W 2
#endif
#define PASID(g) ((g) % P)
#define DETACHED(g) (PASID(g) == 0)
#define HELD(w) (worker[w] != 0 && DETACHED((worker[w] - 1) / 3))

byte device[N]; bit partial[N]; byte group[N];  /* group: 0 unsent, 1 sent, 2 queued, 3 taken, 4 answered */
byte ring[R]; byte entries;                     /* an entry: 2 * group + whether it is the last of its group */
byte irq;                                       /* 0 idle, 1 found a handle, 2 found none */
byte worker[W];                                 /* 0 idle, 1 + 3 * group + phase */
bit blocked; bit handle = 1; byte detach; byte release;
hidden byte i; hidden byte g;

inline pop() {
  for (i : 1 .. R - 1) { ring[i - 1] = ring[i] }
  ring[R - 1] = 0; entries--
}

active [N] proctype Device() {
end: do
  :: d_step {
       device[_pid] < 2 && !(DETACHED(_pid) && blocked) ->
       if
       :: entries == R -> device[_pid] = 2; group[_pid] = 4
       :: else ->
          ring[entries] = 2 * _pid + device[_pid]; entries++;
          if :: device[_pid] == 1 -> group[_pid] = 1 :: else fi;
          device[_pid] = device[_pid] + 1
       fi
     }
  od
}

active proctype Irq() {
end: do
  :: d_step {
       irq == 0 && entries > 0 -> g = ring[0] / 2;
       if
       :: (ring[0] & 1) == 0 -> partial[g] = 1; pop()
       :: else -> if :: !DETACHED(g) || handle -> irq = 1 :: else -> irq = 2 fi
       fi; i = 0; g = 0
     }
  :: d_step {
       irq != 0 -> g = ring[0] / 2; partial[g] = 0;
       if :: irq == 1 -> group[g] = 2 :: else -> assert(group[g] != 4); group[g] = 4 fi;
       pop(); irq = 0; i = 0; g = 0
     }
  od
}

#define ME (_pid - N - 1)
#define TAKE(of) :: d_step { \
  (of) < N && worker[ME] == 0 && group[(of) % N] == 2 -> group[(of) % N] = 3; worker[ME] = 1 + 3 * (of) }

active [W] proctype Worker() {
end: do
  TAKE(0) TAKE(1) TAKE(2) TAKE(3) TAKE(4) TAKE(5) TAKE(6) TAKE(7)
  :: d_step {
       worker[ME] != 0 && (worker[ME] - 1) % 3 == 0 -> g = (worker[ME] - 1) / 3;
       assert(!DETACHED(g) || handle);
       if :: DETACHED(g) && release == 2 -> worker[ME] = worker[ME] + 2 :: else -> worker[ME]++ fi; g = 0
     }
  :: d_step {
       worker[ME] != 0 && (worker[ME] - 1) % 3 != 0 -> g = (worker[ME] - 1) / 3;
       assert(!DETACHED(g) || handle); assert(group[g] != 4);
       group[g] = 4; worker[ME] = 0; g = 0
     }
  od
}

#define CLEAR(slot) (entries <= slot || !DETACHED(ring[(slot) % R] / 2))

active proctype Detach() {
end: do
  :: d_step { detach == 0 -> blocked = 1; detach = 1 }
  :: d_step { detach == 1 && CLEAR(0) && CLEAR(1) && CLEAR(2) && CLEAR(3) -> detach = 2 }
  :: d_step {
       detach == 2 ->
       for (i : 0 .. N - 1) {
         if
         :: DETACHED(i) -> partial[i] = 0; if :: group[i] == 2 -> group[i] = 4 :: else fi
         :: else
         fi
       }
       detach = 3; i = 0
     }
  :: d_step {
#if W == 1
       detach == 3 && !HELD(0) -> detach = 4
#else
       detach == 3 && !HELD(0) && !HELD(1) -> detach = 4
#endif
     }
  :: d_step { detach == 4 -> handle = 0; detach = 5 }
  :: d_step {
       detach == 5 ->
       for (i : 0 .. N - 1) { assert(!DETACHED(i) || group[i] == 0 || group[i] == 4) }
       detach = 6; i = 0
     }
  od
}

active proctype Exit() {
end: do
  :: d_step { release == 0 -> blocked = 1; release = 1 }
  :: d_step { release == 1 -> release = 2 }
  od
}
