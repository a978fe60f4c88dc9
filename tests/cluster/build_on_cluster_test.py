"""launch/build-on-cluster through sbatch: a small project stands for Sève, and an archive made here for a pinned source."""

import hashlib
import pathlib
import shutil
import tarfile

import bed

PROJECT = """cmake_minimum_required(VERSION 3.25)
project(seve VERSION 3.1.4 LANGUAGES C CXX)
find_library(hash xxhash REQUIRED)
add_executable(seve main.c)
target_link_libraries(seve ${hash})
install(TARGETS seve RUNTIME DESTINATION bin)
"""
LIBRARY = """cmake_minimum_required(VERSION 3.25)
project(xxhash LANGUAGES C)
add_library(xxhash hash.c)
install(TARGETS xxhash)
"""
PROFILE = 'name: "bed"\ngpu { per_node: 4 cores_per_gpu: 2 }\n'


class BuildOnClusterTest(bed.Case):
    def setUp(self):
        super().setUp()
        self.tree = self.here / "tree"
        self.write("launch/parts/.keep", "")
        for name in ("build-on-cluster", "parts/build_sources.sh", "parts/slurm_user.sh"):
            shutil.copy(bed.ROOT / "launch" / name, self.tree / "launch" / name)
        self.write("CMakeLists.txt", PROJECT)
        self.write("main.c", "int hash(void);\nint main(void) { return hash(); }\n")
        self.write("cluster/bed.textproto", PROFILE)
        self.write("cluster/sources.txt", f"xxHash 1.0 https://example.org/xxHash.tar.gz {self.make_archive()}\n")

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def make_archive(self):
        """Puts the archive of a library into the folder `archives`; returns its SHA-256."""
        source = self.here / "xxHash-1.0/cmake_unofficial"
        source.mkdir(parents=True)
        (source / "CMakeLists.txt").write_text(LIBRARY)
        (source / "hash.c").write_text("int hash(void) { return 42; }\n")
        archive = self.here / "archives/hash.tgz"
        archive.parent.mkdir()
        with tarfile.open(archive, "w:gz") as file:
            file.add(source.parent, "xxHash-1.0")
        return hashlib.sha256(archive.read_bytes()).hexdigest()

    def build(self, *options):
        environment = {name: value for name, value in self.bed.environment.items() if name != "CC_CLUSTER"}
        return self.bed.run(self.tree / "launch/build-on-cluster", "--cluster", "bed", "--offline", self.here / "archives",
                            *options, check=False, env=environment)

    def job_of(self, done):
        """What Slurm knows of the job that a build submitted."""
        return self.bed.job(done.stdout.split("Submitted batch job ")[1].split()[0])

    def test_a_job_compiles_and_a_copy_is_installed(self):
        copy = self.here / "copy"
        done = self.build("--prefix", copy)
        self.addCleanup(self.bed.run, "chmod", "-R", "u+w", copy)
        log = self.tree / "build/cluster/logs/job.log"
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}")
        job = self.job_of(done)
        self.assertEqual((job["JobState"], job["NumNodes"], job["NumCPUs"], job["TimeLimit"]),
                         ("COMPLETED", "1", "2", "01:00:00"))
        self.assertIn("building xxHash 1.0", log.read_text())
        self.assertEqual(self.bed.run(copy / "bin/seve", check=False).returncode, 42)
        self.assertIn(f'prepend_path("PATH", "{copy}/bin")', (copy / "modulefiles/seve/3.1.4.lua").read_text())
        writable = [path for path in (copy, *copy.rglob("*")) if path.lstat().st_mode & 0o222]
        self.assertEqual(writable, [])

    def test_an_error_of_the_compiler_comes_back(self):
        self.write("main.c", "int main(void) { return 0 }\n")
        done = self.build()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("main.c:1:26: error: expected", done.stderr)
        self.assertIn("the job ended with 1", done.stderr)
        self.assertEqual(self.job_of(done)["JobState"], "FAILED")

    def test_an_option_that_slurm_refuses_is_told_from_a_failed_build(self):
        done = self.build("--sbatch=--partition=nowhere")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("invalid partition", done.stderr)
        self.assertIn("Slurm did not start the job", done.stderr)
        self.assertFalse(pathlib.Path(self.tree / "build/release").exists())


if __name__ == "__main__":
    bed.main()
