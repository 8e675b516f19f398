#include "deft/view/mapped_file.hpp"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using deft::file_error;
using deft::file_problem;
using deft::map_file;
using deft::mapped_file;

class MappedFile : public testing::Test {
 protected:
  void SetUp() override {
    // The process of a death test is killed: it works in its parent's folder, who removes it.
    if (const char* const parents = std::getenv(variable)) {
      folder = parents;
      return;
    }
    std::string name = testing::TempDir() + "deft_mapped_file_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    setenv(variable, name.c_str(), 1);
  }

  void TearDown() override {
    std::filesystem::remove_all(folder);
    unsetenv(variable);
  }

  static constexpr const char* variable = "DEFT_MAPPED_FILE_TEST_FOLDER";

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(folder / name, std::ios::binary) << content;
    return folder / name;
  }

  std::filesystem::path folder;
};

/// The error that mapping a file throws.
std::optional<file_error> failure(const std::string& path, const deft::map_options& options = {}) {
  try {
    const mapped_file mapped(path, options);
  } catch (const file_error& e) {
    return e;
  }
  return std::nullopt;
}

void expect_failure(const std::string& path, file_problem problem, const std::string& text,
                    const deft::map_options& options = {}) {
  const auto error = failure(path, options);
  ASSERT_TRUE(error.has_value()) << text;
  EXPECT_EQ(error->problem(), problem);
  EXPECT_EQ(error->path(), path);
  EXPECT_NE(std::string(error->what()).find(path), std::string::npos) << error->what();
  EXPECT_NE(std::string(error->what()).find(text), std::string::npos) << error->what();
}

TEST_F(MappedFile, ShowsTheBytesOfAFileInOneCall) {
  const std::string path = file("text", "hello, world");
  const auto text = map_file<char>(path);
  EXPECT_EQ(std::string(text.begin(), text.end()), "hello, world");
  EXPECT_EQ(text.slice(-5).tolist(), (std::vector<char>{'w', 'o', 'r', 'l', 'd'}));
  const mapped_file mapped(path);
  EXPECT_EQ(mapped.size(), 12u);
  EXPECT_EQ(mapped.path(), path);
  EXPECT_EQ(mapped.bytes()[0], std::byte{'h'});
  EXPECT_TRUE(mapped.whole());
  mapped.check();
  EXPECT_EQ(mapped.visit([](deft::view<const std::byte> bytes) { return bytes.size(); }), 12u);
}

TEST_F(MappedFile, ShowsElementsWhichKeepTheMappingAlive) {
  const std::vector<double> numbers{1.5, 2.5, 3.5};
  const std::string path = file("numbers", std::string(reinterpret_cast<const char*>(numbers.data()), 24));
  const auto shown = map_file<double>(path).slice(1);
  EXPECT_EQ(shown.tolist(), (std::vector<double>{2.5, 3.5}));
  std::filesystem::remove(path);  // the mapping needs no name
  EXPECT_EQ(shown[1], 3.5);
}

TEST_F(MappedFile, IsNeverWritable) {
  auto text = map_file<char>(file("text", "hello"));
  EXPECT_FALSE(text.try_unshare().has_value());
  text.unshare()[0] = 'j';
  EXPECT_EQ(std::string(text.begin(), text.end()), "jello");
}

TEST_F(MappedFile, MissingFilesAreNamed) {
  expect_failure(folder / "none", file_problem::missing, "there is no such file");
  expect_failure(file("f", "x") + "/none", file_problem::missing, "there is no such file");
  const auto error = failure(std::string("a\0b", 3));
  ASSERT_TRUE(error.has_value());
  EXPECT_STREQ(error->what(), "deft: a\\0b: a file's name has no NUL");
}

TEST_F(MappedFile, EmptyFilesAreNamedUnlessAllowed) {
  const std::string path = file("empty", "");
  expect_failure(path, file_problem::empty, "is empty");
  deft::map_options options;
  options.allow_empty = true;
  const mapped_file mapped(path, options);
  EXPECT_TRUE(mapped.empty());
  EXPECT_TRUE(mapped.whole());
  EXPECT_EQ(mapped.as<int>().size(), 0u);
  EXPECT_EQ(mapped.visit([](auto bytes) { return bytes.size(); }), 0u);
}

TEST_F(MappedFile, UnreadableFilesAndWhatIsNoFileAreNamed) {
  expect_failure(folder, file_problem::not_a_file, "is a folder");
  expect_failure("/dev/null", file_problem::not_a_file, "is a pipe or a device");
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  expect_failure(pipe, file_problem::not_a_file, "is a pipe or a device");  // and does not wait for a writer
  const std::string secret = file("secret", "x");
  ASSERT_EQ(chmod(secret.c_str(), 0), 0);
  if (access(secret.c_str(), R_OK) != 0) {  // root may read it
    expect_failure(secret, file_problem::unreadable, "cannot be opened for reading: Permission denied");
  }
  const std::string loop = folder / "loop";
  std::filesystem::create_symlink(loop, loop);
  expect_failure(loop, file_problem::unreadable, "cannot be opened for reading");
}

TEST_F(MappedFile, BytesThatAreNoWholeNumberOfElementsAreNamed) {
  const std::string path = file("odd", std::string(13, 'x'));
  try {
    (void)map_file<double>(path);
    FAIL();
  } catch (const file_error& e) {
    EXPECT_EQ(e.problem(), file_problem::unsuitable);
    EXPECT_EQ(std::string(e.what()),
              "deft: " + path + ": expected whole elements of 8 bytes, there are 13 bytes");
  }
  deft::map_options options;
  options.offset = 5;
  EXPECT_THROW((void)map_file<double>(path, options), file_error);  // not aligned
  EXPECT_EQ(map_file<deft::le<double>>(path, options).size(), 1u);
}

TEST_F(MappedFile, MapsAPartFromAnyByteOn) {
  std::string content(20'000, '.');
  content[9'000] = 'x';
  const std::string path = file("large", content);
  deft::map_options options;
  options.offset = 9'000;
  options.length = 10;
  const auto part = map_file<char>(path, options);
  EXPECT_EQ(part.size(), 10u);
  EXPECT_EQ(part[0], 'x');
  options.length = 11'001;
  expect_failure(path, file_problem::out_of_range,
                 "expected 11001 bytes from byte 9000 on, the file has 20000 bytes", options);
  options = {};
  options.offset = 20'001;
  expect_failure(path, file_problem::out_of_range, "from byte 20001 on", options);
  options.offset = 20'000;
  expect_failure(path, file_problem::empty, "where the file ends", options);
  options.offset = static_cast<std::size_t>(-1);
  options.length = 2;
  expect_failure(path, file_problem::out_of_range, "the file has 20000 bytes", options);
}

std::size_t sum(deft::view<const std::byte> bytes) {
  std::size_t total = 0;
  for (const std::byte b : bytes) total += std::to_integer<std::size_t>(b);
  return total;
}

TEST_F(MappedFile, TruncatedWhileVisitedIsAnErrorThatNamesFileAndSizes) {
  const std::string path = file("shrinks", std::string(100'000, '\1'));
  const mapped_file mapped(path);
  EXPECT_EQ(mapped.visit(sum), 100'000u);
  try {
    (void)mapped.visit([&](auto bytes) {
      EXPECT_EQ(truncate(path.c_str(), 5'000), 0);
      return sum(bytes);  // would be SIGBUS
    });
    FAIL();
  } catch (const file_error& e) {
    EXPECT_EQ(e.problem(), file_problem::truncated);
    EXPECT_EQ(std::string(e.what()),
              "deft: " + path +
                  ": truncated while mapped: expected at least 100000 bytes, the file has 5000 bytes now");
  }
  EXPECT_FALSE(mapped.whole());
  EXPECT_THROW(mapped.check(), file_error);
}

TEST_F(MappedFile, TruncatedWithinTheLastPageIsAnErrorAsWell) {
  const std::string path = file("shrinks", std::string(100, '\1'));
  const mapped_file mapped(path);
  EXPECT_THROW(mapped.visit([&](auto) { EXPECT_EQ(truncate(path.c_str(), 99), 0); }), file_error);
}

TEST_F(MappedFile, GrownAgainAfterBytesWereLostIsStillAnError) {
  const std::string path = file("shrinks", std::string(100'000, '\1'));
  const mapped_file mapped(path);
  EXPECT_THROW(mapped.visit([&](auto bytes) {
    EXPECT_EQ(truncate(path.c_str(), 0), 0);
    EXPECT_EQ(sum(bytes), 0u);
    EXPECT_EQ(truncate(path.c_str(), 100'000), 0);
  }),
               file_error);
  EXPECT_FALSE(mapped.whole());
}

TEST_F(MappedFile, ReadBehindTheEndOutsideOfAVisitEndsTheProgramWithAMessage) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const std::string path = file("shrinks", std::string(100'000, '\1'));
  const auto bytes = map_file(path);
  ASSERT_EQ(truncate(path.c_str(), 10), 0);
  EXPECT_DEATH(std::exit(static_cast<int>(sum(bytes))),
               "deft: .*shrinks: truncated while mapped: it had at least 100000 bytes, and byte 4096 is no "
               "longer there");
}

TEST_F(MappedFile, ZerosOfAVisitAreNotReadAfterIt) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const std::string path = file("shrinks", std::string(100'000, '\1'));
  EXPECT_DEATH(
      {
        const mapped_file mapped(path);
        try {
          mapped.visit([&](auto bytes) {
            if (truncate(path.c_str(), 5'000) != 0 || sum(bytes) != 5'000) std::exit(1);
          });
        } catch (const file_error&) {
        }
        if (sum(mapped.bytes().first(5'000)) != 5'000) std::exit(2);
        std::exit(std::to_integer<int>(mapped.bytes()[60'000]));
      },
      "shrinks: truncated while mapped: it had at least 100000 bytes, and byte 60000 is no longer there");
}

TEST_F(MappedFile, AnotherThreadsVisitDoesNotCover) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const std::string path = file("shrinks", std::string(100'000, '\1'));
  EXPECT_DEATH(
      {
        const mapped_file mapped(path);
        const mapped_file other(file("other", "x"));
        mapped.visit([&](auto) {
          other.visit([](auto) {});
          if (truncate(path.c_str(), 10) != 0) std::exit(1);
          std::thread([&] { std::exit(std::to_integer<int>(mapped.bytes()[60'000])); }).join();
        });
      },
      "shrinks: truncated while mapped.*byte 60000 is no longer there");
}

TEST_F(MappedFile, VisitsWithinVisitsCoverEachTheirFile) {
  const std::string path = file("shrinks", std::string(100'000, '\1'));
  const mapped_file mapped(path);
  const mapped_file other(file("other", std::string(100'000, '\1')));
  EXPECT_THROW(mapped.visit([&](auto bytes) {
    EXPECT_EQ(other.visit(sum), 100'000u);
    EXPECT_EQ(truncate(path.c_str(), 0), 0);
    EXPECT_EQ(other.visit([&](auto) { return sum(bytes); }), 0u);
  }),
               file_error);
  EXPECT_TRUE(other.whole());
}

sighandler_t handler_of_bus_errors() {
  struct sigaction now{};
  sigaction(SIGBUS, nullptr, &now);
  return now.sa_handler;
}

TEST_F(MappedFile, OtherBusErrorsGoToTheHandlerThatWasThereBefore) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const std::string path = file("plain", "x");
  EXPECT_EXIT(
      {
        std::signal(SIGBUS, [](int) { _exit(42); });
        const mapped_file mapped(path);
        std::raise(SIGBUS);
      },
      testing::ExitedWithCode(42), "");
  EXPECT_EXIT(
      {
        std::signal(SIGBUS, SIG_IGN);
        const mapped_file mapped(path);
        std::raise(SIGBUS);
        _exit(42);
      },
      testing::ExitedWithCode(42), "");
  EXPECT_EXIT(
      {
        std::signal(SIGBUS, SIG_DFL);  // a sanitizer has its own
        const mapped_file mapped(path);
        std::raise(SIGBUS);
      },
      testing::KilledBySignal(SIGBUS), "");
}

TEST_F(MappedFile, InstallsNoHandlerIfNotWanted) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const std::string path = file("plain", "x");
  EXPECT_EXIT(
      {
        const sighandler_t before = handler_of_bus_errors();
        deft::map_options options;
        options.guard_truncation = false;
        const mapped_file mapped(path, options);
        _exit(handler_of_bus_errors() == before ? 42 : 1);
      },
      testing::ExitedWithCode(42), "");
}

TEST_F(MappedFile, IsMappedAndVisitedByManyThreads) {
  const std::string path = file("many", std::string(50'000, '\1'));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const mapped_file mapped(path);
        const mapped_file copy = mapped;
        if (copy.visit(sum) != 50'000) std::abort();
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

TEST_F(MappedFile, MovedFromIsEmpty) {
  mapped_file mapped(file("text", "hello"));
  const mapped_file other = std::move(mapped);
  EXPECT_TRUE(mapped.empty());  // NOLINT
  EXPECT_TRUE(mapped.whole());
  EXPECT_EQ(other.size(), 5u);
}

}  // namespace
